"""What cannot be undone is asked about first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.confirming import Confirmation

QUOTED = "<b>Her</b> words"


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    parent = QWidget()
    qtbot.addWidget(parent)
    return parent


def ask(qtbot: QtBot, parent: QWidget, word: str = "") -> tuple[Confirmation, list[str]]:
    dialog = Confirmation(Words("en"), parent, title="Sure?", text=QUOTED, action="Do it", word=word)
    ended: list[str] = []
    dialog.accepted.connect(lambda: ended.append("yes"))
    dialog.rejected.connect(lambda: ended.append("no"))
    with qtbot.waitExposed(dialog):
        dialog.open()
    return dialog, ended


def test_a_careless_enter_changes_nothing(qtbot: QtBot, parent: QWidget) -> None:
    dialog, ended = ask(qtbot, parent)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert ended == ["no"]


def test_the_red_button_confirms(qtbot: QtBot, parent: QWidget) -> None:
    dialog, ended = ask(qtbot, parent)
    dialog.confirm.click()
    assert ended == ["yes"]


def test_a_word_is_taken_in_any_case_and_nothing_else(qtbot: QtBot, parent: QWidget) -> None:
    dialog, _ = ask(qtbot, parent, word="forget")
    for typed, on in (("", False), ("forge", False), (" Forget ", True), ("forget it", False)):
        dialog.field.setText(typed)
        assert dialog.confirm.isEnabled() is on


def test_what_is_quoted_is_shown_as_it_is(qtbot: QtBot, parent: QWidget) -> None:
    dialog, _ = ask(qtbot, parent)
    quoting = next(label for label in dialog.findChildren(QLabel) if label.text() == QUOTED)
    assert quoting.textFormat() == Qt.TextFormat.PlainText
