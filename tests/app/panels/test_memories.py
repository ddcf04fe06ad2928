"""The memories over a real engine, and a real record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words
from app.panels.confirming import Confirmation
from app.panels.memories import MemoriesPanel
from app.panels.memory_book import FILTERS
from app.theme import LIGHT
from engine.client.local import LocalEngine
from engine.messages import MemoryPin
from engine.runtime import Engine
from tests.support.hosted import SCRIPTED
from tests.support.sound_server import SoundServer

TOLD = ("My name is Alice.", "I live in Paris.", "I moved to Lyon.")


class Shelf:
    """A connection with an engine that was told a few things, and the panel."""

    def __init__(self, qtbot: QtBot, folder: Path, told: tuple[str, ...]) -> None:
        self.qtbot = qtbot
        self.connection = Connection(Bridge())
        self._folder = folder
        self.open()
        for text in told:
            with qtbot.waitSignal(
                self.connection.arrived,
                timeout=20000,
                check_params_cb=lambda it: type(it).__name__ == "ReplyDone",
            ):
                self.connection.say(text)
        self.panel = self.make("en")

    def open(self) -> None:
        self.connection.open("local", lambda: LocalEngine(Engine(SCRIPTED, self._folder)), "en")
        self.until(lambda: self.connection.status.link == "ready")

    def make(self, language: str) -> MemoriesPanel:
        panel = MemoriesPanel(Words(language), LIGHT, self.connection)
        self.qtbot.addWidget(panel)
        panel.show()
        with self.qtbot.waitActive(panel):
            panel.activateWindow()
        return panel

    @property
    def texts(self) -> list[str]:
        return [entry.text for entry in self.panel.model.entries]

    def until(self, condition: object) -> None:
        assert callable(condition)
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20000)

    def choose(self, text: str) -> None:
        self.until(lambda: text in self.texts)
        self.panel.list.setCurrentIndex(self.panel.model.index(self.texts.index(text)))
        assert self.panel.detail.text.toPlainText() == text

    def dialog(self) -> Confirmation:
        found = [it for it in self.panel.findChildren(Confirmation) if it.isVisible()]
        assert len(found) == 1
        return found[0]

    def end(self) -> None:
        with self.qtbot.waitSignal(self.connection.stopped, timeout=20000):
            self.connection.stop()


@pytest.fixture
def shelf(qtbot: QtBot, sound_server: SoundServer, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(qtbot, tmp_path / "data", TOLD)
    yield made
    made.end()


@pytest.fixture
def empty(qtbot: QtBot, sound_server: SoundServer, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(qtbot, tmp_path / "data", ())
    yield made
    made.end()


def test_what_was_told_is_listed_and_where_it_comes_from(shelf: Shelf) -> None:
    shelf.until(lambda: "You live in Lyon." in shelf.texts)
    assert {"Your name is Alice.", "You live in Paris."} <= set(shelf.texts)
    shelf.choose("You live in Lyon.")
    shelf.until(lambda: "You: I moved to Lyon." in shelf.panel.detail.source.text())
    shelf.panel.filter.setCurrentIndex(FILTERS.index("past"))
    shelf.panel.filter.activated.emit(0)
    assert shelf.texts == ["You live in Paris."]


def test_searching_finds_also_what_was_said(shelf: Shelf) -> None:
    shelf.qtbot.keyClicks(shelf.panel.search, "Alice")
    shelf.until(lambda: "My name is Alice." in shelf.texts)
    assert "Your name is Alice." in shelf.texts
    shelf.panel.list.setCurrentIndex(shelf.panel.model.index(shelf.texts.index("My name is Alice.")))
    assert shelf.panel.detail.text.isReadOnly()
    shelf.panel.search.clear()
    shelf.until(lambda: "You live in Lyon." in shelf.texts)


def test_a_memory_is_corrected(shelf: Shelf) -> None:
    shelf.choose("You live in Lyon.")
    detail = shelf.panel.detail
    assert not detail.save.isEnabled()
    detail.text.setPlainText("You live in Lyon, near the river.")
    detail.save.click()
    shelf.until(lambda: "You live in Lyon, near the river." in shelf.texts)
    assert shelf.panel.draft.texts == {}
    assert "You live in Lyon." not in shelf.texts


def test_an_edit_that_is_not_saved_stays_and_can_be_undone(shelf: Shelf) -> None:
    shelf.choose("You live in Lyon.")
    shelf.panel.detail.text.setPlainText("You live on the moon.")
    shelf.choose("Your name is Alice.")
    shelf.panel.list.setCurrentIndex(shelf.panel.model.index(shelf.texts.index("You live in Lyon.")))
    assert shelf.panel.detail.text.toPlainText() == "You live on the moon."

    again = shelf.make("zh")
    again.draft = shelf.panel.draft
    shelf.panel = again
    shelf.until(lambda: "You live in Lyon." in shelf.texts)
    again.list.setCurrentIndex(again.model.index(shelf.texts.index("You live in Lyon.")))
    assert again.detail.text.toPlainText() == "You live on the moon."
    again.detail.undo.click()
    assert again.detail.text.toPlainText() == "You live in Lyon."
    assert again.draft.texts == {}


def test_a_memory_is_pinned_and_let_go(shelf: Shelf) -> None:
    shelf.choose("Your name is Alice.")
    for on in (True, False):
        shelf.panel.detail.pin.click()
        shelf.until(
            lambda on=on: [it.pinned for it in shelf.panel.model.entries if "Alice" in it.text] == [on]
        )


def test_a_note_is_added(empty: Shelf) -> None:
    empty.panel._add.click()
    empty.qtbot.keyClicks(empty.panel.detail.text, "Call me Captain.")
    empty.panel.detail.save.click()
    empty.until(lambda: empty.texts == ["Call me Captain."])
    assert empty.panel.model.entries[0].pinned
    empty.choose("Call me Captain.")
    empty.until(lambda: empty.panel.detail.source.text() == "You wrote it here.")


def test_one_is_forgotten_after_a_question(shelf: Shelf) -> None:
    shelf.choose("You live in Paris.")
    shelf.panel.detail.forget.click()
    shelf.dialog().cancel.click()
    shelf.panel.detail.forget.click()
    shelf.dialog().confirm.click()
    shelf.until(lambda: "You live in Paris." not in shelf.texts)
    assert "You live in Lyon." in shelf.texts


def test_everything_is_forgotten_only_with_the_word(shelf: Shelf) -> None:
    shelf.until(lambda: shelf.texts)
    shelf.panel._forget_all.click()
    dialog = shelf.dialog()
    assert not dialog.confirm.isEnabled()
    shelf.qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    shelf.qtbot.keyClicks(dialog.field, "forge")
    assert not dialog.confirm.isEnabled()
    shelf.qtbot.keyClicks(dialog.field, "t")
    dialog.confirm.click()
    shelf.until(lambda: shelf.texts == [])
    assert shelf.panel._said.text() == "Everything is forgotten."


def test_remembering_is_paused_also_for_the_engine_after_this_one(shelf: Shelf) -> None:
    shelf.panel._pause.click()
    assert shelf.connection.status.paused
    assert shelf.panel._banner.isVisible()
    shelf.open()
    shelf.connection.say("I like green tea.")
    shelf.until(lambda: shelf.connection.status.activity == "idle" and bool(shelf.connection.status.trace))
    shelf.panel._reload()
    shelf.qtbot.wait(300)
    assert not [text for text in shelf.texts if "tea" in text]
    shelf.panel._resume.click()
    assert not shelf.panel._banner.isVisible()


def test_nothing_is_remembered_yet(empty: Shelf) -> None:
    empty.until(lambda: "nothing yet" in empty.panel.detail._hint.text())


def test_a_refusal_is_said(shelf: Shelf) -> None:
    shelf.panel._ask(MemoryPin(id="", memory="fact:999999"))
    shelf.until(lambda: shelf.panel._said.property("role") == "danger")
    assert shelf.panel._said.text()


def test_many_come_page_by_page(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.panels.memory_pages.PAGE", 2)
    panel = shelf.panel = shelf.make("en")
    shelf.until(lambda: len(shelf.texts) == 3)
    assert len({entry.id for entry in panel.model.entries}) == 3


def test_a_filter_looks_through_all_pages(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.panels.memory_pages.PAGE", 1)
    shelf.panel = shelf.make("en")
    for chosen, found, hint in (
        ("past", ["You live in Paris."], "Choose"),
        ("notes", [], "Nothing like that"),
    ):
        shelf.panel.filter.setCurrentIndex(FILTERS.index(chosen))
        shelf.panel.filter.activated.emit(0)
        shelf.until(lambda found=found: shelf.texts == found)
        shelf.until(lambda hint=hint: hint in shelf.panel.detail._hint.text())
        shelf.until(lambda found=found: shelf.panel._said.text() == f"Memories: {len(found)}")


def test_where_it_comes_from_is_shown_again_on_coming_back(shelf: Shelf) -> None:
    shelf.choose("You live in Lyon.")
    shelf.until(lambda: "I moved to Lyon." in shelf.panel.detail.source.text())
    shelf.qtbot.keyClick(shelf.panel, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    shelf.qtbot.waitUntil(shelf.panel.search.hasFocus)
    shelf.qtbot.keyClicks(shelf.panel.search, "Lyon")
    shelf.choose("I moved to Lyon.")
    assert shelf.panel.detail.source.text() == ""
    shelf.choose("You live in Lyon.")
    shelf.until(lambda: "I moved to Lyon." in shelf.panel.detail.source.text())


def test_every_control_has_a_name_and_a_keyboard_way(shelf: Shelf) -> None:
    shelf.choose("You live in Lyon.")
    kinds = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QListView)
    controls = [it for it in shelf.panel.findChildren(QWidget) if isinstance(it, kinds) and it.isVisible()]
    for control in controls:
        if isinstance(control.parent(), QLineEdit | QComboBox):
            continue
        assert control.accessibleName() or (isinstance(control, QAbstractButton) and control.text()), control
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert len(controls) >= 9
    assert QApplication.activeWindow() is shelf.panel
