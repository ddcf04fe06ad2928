"""The key to talk is chosen by pressing it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.fields.hotkey import HotkeyField
from engine.errors import CompanionError

CTRL, ALT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.NoModifier,
)


class Chosen:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.field = HotkeyField(Words("en"))
        self.other = QLineEdit()
        layout = QHBoxLayout(self.window)
        layout.addWidget(self.field)
        layout.addWidget(self.other)
        self.wanted: list[str] = []
        self.refused: list[CompanionError] = []
        self.notes: list[str] = []
        self.field.wanted.connect(self.wanted.append)
        self.field.refused.connect(self.refused.append)
        self.field.noted.connect(self.notes.append)
        self.field.put("f8")
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitActive(self.window)
        self.field.control.setFocus()
        qtbot.waitUntil(self.field.control.hasFocus)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.field.control, key, modifiers)

    def record(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.field.control, Qt.MouseButton.LeftButton)
        assert self.field.text.startswith("Press the key")
        self.press(key, modifiers)
        assert not self.field.text.startswith("Press the key")


@pytest.fixture
def chosen(qtbot: QtBot) -> Chosen:
    return Chosen(qtbot)


def test_the_next_key_is_taken(chosen: Chosen) -> None:
    assert chosen.field.text == "F8"
    chosen.record(Qt.Key.Key_F9)
    chosen.record(Qt.Key.Key_Space, CTRL | ALT)
    chosen.record(Qt.Key.Key_F8)
    assert chosen.wanted == ["f9", "ctrl+alt+space"]
    assert chosen.refused == []


def test_what_is_held_along_is_waited_for(chosen: Chosen) -> None:
    QTest.mouseClick(chosen.field.control, Qt.MouseButton.LeftButton)
    QTest.keyPress(chosen.field.control, Qt.Key.Key_Control)
    assert chosen.wanted == []
    QTest.keyPress(chosen.field.control, Qt.Key.Key_K, CTRL)
    assert chosen.wanted == ["ctrl+k"]


def test_it_begins_by_keyboard_and_the_same_key_does_not_end_it(chosen: Chosen) -> None:
    chosen.press(Qt.Key.Key_Space)
    assert chosen.field.text.startswith("Press the key")
    assert chosen.refused == []
    chosen.press(Qt.Key.Key_F4)
    assert chosen.wanted == ["f4"]


def test_escape_and_leaving_change_nothing(chosen: Chosen) -> None:
    chosen.record(Qt.Key.Key_Escape)
    QTest.mouseClick(chosen.field.control, Qt.MouseButton.LeftButton)
    chosen.other.setFocus()
    assert chosen.field.text == "F8"
    chosen.field.control.setFocus()
    chosen.press(Qt.Key.Key_F9)
    assert chosen.wanted == []


def test_no_shortcut_takes_the_key_away(chosen: Chosen) -> None:
    gone_off: list[bool] = []
    QShortcut(QKeySequence("Ctrl+F"), chosen.window, lambda: gone_off.append(True))
    QShortcut(QKeySequence("Esc"), chosen.window, lambda: gone_off.append(True))
    chosen.press(Qt.Key.Key_F, CTRL)
    assert gone_off == [True]
    chosen.record(Qt.Key.Key_F, CTRL)
    chosen.record(Qt.Key.Key_Escape)
    assert gone_off == [True]
    assert chosen.wanted == ["ctrl+f"]


@pytest.mark.parametrize(
    ("key", "modifiers", "code"),
    [
        (Qt.Key.Key_A, NONE, "hotkey-would-type"),
        (Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, "hotkey-would-type"),
        (Qt.Key.Key_Space, NONE, "hotkey-would-type"),
        (Qt.Key.Key_Print, NONE, "hotkey-not-possible"),
    ],
)
def test_what_cannot_be_is_refused(
    chosen: Chosen, key: Qt.Key, modifiers: Qt.KeyboardModifier, code: str
) -> None:
    chosen.record(key, modifiers)
    assert [error.code for error in chosen.refused] == [code]
    assert chosen.wanted == []
    assert chosen.field.text == "F8"


def test_of_conflicts_is_warned(chosen: Chosen) -> None:
    chosen.field.put("f5")
    assert "F5" in chosen.notes[-1]
    chosen.field.put("f8")
    assert chosen.notes[-1] == ""
    chosen.field.put("nonsense")
    assert chosen.field.text == "nonsense"
    assert chosen.notes[-1], "from a config file"
