"""The list of a conversation: what is seen, and how little is done for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.chat_delegate import ChatDelegate
from app.panels.chat_model import DAY, ChatModel
from app.panels.chat_view import MEASURED_AT_ONCE, ChatView
from app.panels.timeline import Edit, Row
from app.theme import LIGHT

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def rows(first: int, count: int, text: str = "message {0} with some words") -> tuple[Row, ...]:
    """One every ten minutes, the last now."""
    return tuple(
        Row(
            kind="user" if number % 2 else "reply",
            text=text.format(number),
            at=NOW - timedelta(minutes=10 * (first + count - 1 - number)),
        )
        for number in range(first, first + count)
    )


class CountingDelegate(ChatDelegate):
    """Counts what it is asked to measure."""

    measured = 0

    def height(self, index: QModelIndex, width: int) -> int:
        self.measured += 1
        return super().height(index, width)


class Seen:
    def __init__(self, qtbot: QtBot) -> None:
        self.model = ChatModel(Words("en"), lambda: NOW, UTC)
        self.delegate = CountingDelegate(Words("en"), LIGHT, QGuiApplication.font())
        self.view = ChatView(Words("en"), self.model, self.delegate)
        self.view.resize(420, 500)
        self.qtbot = qtbot
        qtbot.addWidget(self.view)
        self.view.show()
        qtbot.waitExposed(self.view)

    def add(self, start: int, added: tuple[Row, ...]) -> None:
        self.model.apply([Edit(start, 0, added)])

    def settled(self) -> None:
        """Everything is measured."""
        self.qtbot.waitUntil(lambda: not self.view._measuring.isActive())

    def at_end(self) -> bool:
        bar = self.view.verticalScrollBar()
        return bar.value() == bar.maximum()

    def top(self) -> tuple[str, int]:
        """The first row in sight, and where it stands."""
        number = self.view.rowAt(0)
        return self.model.rows[number].text, self.view.rowViewportPosition(number)


@pytest.fixture
def seen(qtbot: QtBot) -> Seen:
    return Seen(qtbot)


def test_it_begins_at_the_end_and_follows_it(seen: Seen) -> None:
    seen.add(0, rows(0, 100))
    seen.settled()
    assert seen.at_end()
    seen.add(100, rows(100, 1))
    assert seen.at_end()
    grown = Row(kind="reply", text="words " * 200, at=NOW, state="open")
    seen.model.apply([Edit(100, 1, (grown,))])
    assert seen.at_end()


def test_what_the_user_reads_stays_where_it_is(seen: Seen) -> None:
    seen.add(0, rows(0, 200))
    seen.settled()
    seen.view.verticalScrollBar().setValue(1500)
    before = seen.top()
    seen.add(200, rows(200, 3))
    assert seen.top() == before
    seen.add(0, rows(1000, 100, "an older message {0} " * 12))
    assert seen.top() == before
    seen.settled()
    assert seen.top() == before
    seen.model.apply([Edit(0, 50, ())])
    assert seen.top() == before


def test_another_width_keeps_the_place(seen: Seen) -> None:
    seen.add(0, rows(0, 200, "message {0} " * 20))
    seen.settled()
    seen.view.verticalScrollBar().setValue(4000)
    text, _ = seen.top()
    seen.view.resize(300, 500)
    seen.settled()
    assert seen.top()[0] == text
    seen.view.go_to_end()
    seen.view.resize(700, 600)
    seen.settled()
    assert seen.at_end()


def test_thousands_of_rows_are_measured_bit_by_bit(seen: Seen) -> None:
    most = 0
    for page in range(20):
        seen.delegate.measured = 0
        seen.add(0, rows(10_000 - 500 * page, 500))
        most = max(most, seen.delegate.measured)
    seen.settled()
    assert seen.model.rowCount() == 10_000
    assert most <= 2 * MEASURED_AT_ONCE
    seen.delegate.measured = 0
    seen.add(10_000, rows(20_000, 1))
    grown = Row(kind="reply", text="more", at=NOW, state="open")
    seen.model.apply([Edit(10_000, 1, (grown,))])
    assert seen.delegate.measured <= 4, "a word more costs no other row"
    seen.delegate.measured = 0
    seen.view.resize(300, 500)
    assert seen.delegate.measured <= 2 * MEASURED_AT_ONCE


def test_older_rows_are_wanted_near_the_top(seen: Seen, qtbot: QtBot) -> None:
    seen.add(0, rows(0, 200))
    seen.settled()
    with qtbot.assertNotEmitted(seen.view.older_wanted):
        seen.view.verticalScrollBar().setValue(2000)
    with qtbot.waitSignal(seen.view.older_wanted):
        seen.view.verticalScrollBar().setValue(100)


def test_days_begin_where_they_do(seen: Seen) -> None:
    seen.add(0, rows(0, 200))
    seen.settled()
    days = {number: day for number in range(200) if (day := seen.model.index(number).data(DAY))}
    assert days == {0: "Yesterday", 127: "Today"}
    named, plain = seen.view.rowHeight(0), seen.view.rowHeight(1)
    assert named > plain
    earlier = Row(kind="user", text="earlier", at=seen.model.rows[0].at - timedelta(minutes=1))
    seen.add(0, (earlier,))
    assert seen.model.index(0).data(DAY) == "Yesterday"
    assert seen.model.index(1).data(DAY) == ""
    assert (seen.view.rowHeight(0), seen.view.rowHeight(1)) == (named, plain)
    seen.model.apply([Edit(0, 1, ())])
    assert seen.view.rowHeight(0) == named


def test_copying(seen: Seen, qtbot: QtBot) -> None:
    seen.add(0, rows(0, 3))
    seen.view.setFocus()
    seen.view.selectRow(1)
    qtbot.keyClick(seen.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "message 1 with some words"
    seen.view.selectAll()
    seen.view.copy()
    assert QGuiApplication.clipboard().text() == (
        "Her, 11:40: message 0 with some words\n"
        "You, 11:50: message 1 with some words\n"
        "Her, 12:00: message 2 with some words"
    )
    seen.view.clearSelection()
    seen.view.copy()
    assert QGuiApplication.clipboard().text().startswith("Her, 11:40")


def test_by_keyboard(seen: Seen, qtbot: QtBot) -> None:
    seen.add(0, rows(0, 200))
    seen.settled()
    seen.view.setFocus()
    for key, row in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_Down, 1), (Qt.Key.Key_End, 199)):
        qtbot.keyClick(seen.view, key)
        assert seen.view.currentIndex().row() == row
        assert seen.view.viewport().rect().intersects(seen.view.visualRect(seen.view.currentIndex()))
    said = seen.model.index(199).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "You, 12:00: message 199 with some words"


def test_a_row_is_shown_wherever_it_is(seen: Seen) -> None:
    seen.add(0, rows(0, 1000))
    for number in (3, 999, 500):
        seen.view.show_row(number)
        seen.settled()
        assert seen.view.viewport().rect().contains(seen.view.visualRect(seen.model.index(number)))
