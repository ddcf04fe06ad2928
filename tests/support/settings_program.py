"""The settings panel with all that it needs, used as its user does."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.background import Background
from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.panels.fields.file import FileField
from app.panels.fields.hotkey import HotkeyField
from app.panels.fields.login import LoginField
from app.panels.setting_row import SettingRow
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from app.theme import LIGHT
from engine import config
from engine.config import SettingInfo, Value


class Program:
    """What the panel needs, and the panel."""

    def __init__(self, qtbot: QtBot, language: str = "en") -> None:
        self.qtbot = qtbot
        self.preferences = Preferences(os.environ)
        self.background = Background()
        self.connection = Connection(Bridge())
        self.folder = config.data_dir(os.environ)
        self.panel = self.make(language)

    def make(self, language: str = "en", *, owned: bool = True) -> SettingsPanel:
        """`owned`: it is closed at the end of the test."""
        panel = SettingsPanel(
            Words(language),  # type: ignore[arg-type]
            LIGHT,
            self.connection,
            self.preferences,
            self.background,
            self.folder,
        )
        if owned:
            self.qtbot.addWidget(panel)
        return panel

    def show(self, key: str) -> SettingRow:
        """The setting, as it can be seen."""
        self.panel.show()
        self.panel.activateWindow()
        self.qtbot.waitActive(self.panel)
        page = next(name for name, page in self.panel.pages.items() if self.panel.row(key) in page.made)
        self.panel.page = page
        self.until(lambda: not self.panel._growing.isActive())
        self.settle()
        return self.panel.row(key)

    def settle(self) -> None:
        """All that was asked in the background has been answered."""
        done: list[object] = []
        self.background.do(lambda: None, done.append, done.append)
        self.until(lambda: done)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20000)

    def in_file(self, key: str) -> Value:
        """As another program would read it."""
        section, name = key.split(".")
        return getattr(getattr(config.load({}, config.config_path(os.environ)), section), name)

    def end(self) -> None:
        self.preferences.close()
        self.background.close()


def choose(row: SettingRow, value: str) -> None:
    box = row.field.control
    assert isinstance(box, QComboBox)
    index = box.findData(value)
    assert index >= 0, [box.itemData(number) for number in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def change(program: Program, row: SettingRow, card: Path) -> Value:
    """Changes the setting as a user does; returns the value that must be in force then."""
    info, control = row.info, row.field.control
    match row.field:
        case LoginField():
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)
            return True
        case HotkeyField():
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)
            QTest.keyClick(control, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
            return "ctrl+space"
        case FileField():
            row.field.choose(str(card))
            return str(card)
        case ChoiceField():
            assert isinstance(control, QComboBox)
            other = next(
                control.itemData(number)
                for number in range(control.count())
                if control.itemData(number) != info.default
            )
            choose(row, other)
            return other
        case _:
            return type_in(program, control, info)


def type_in(program: Program, control: QWidget, info: SettingInfo) -> Value:
    if isinstance(control, QPlainTextEdit):
        control.setFocus()
        program.until(control.hasFocus)
        QTest.keyClicks(control, "Likes the sea")
        control.clearFocus()
        return "Likes the sea"
    if isinstance(control, QLineEdit):
        control.selectAll()
        QTest.keyClicks(control, "example")
        QTest.keyClick(control, Qt.Key.Key_Return)
        return "example"
    if isinstance(control, QAbstractSpinBox):
        most, least = info.maximum or 0, info.minimum or 0
        wanted = round((most + least) / 2, 2)
        wanted = int(wanted) if info.type == "whole number" else wanted
        wanted = wanted if wanted != info.default else least
        control.selectAll()
        QTest.keyClicks(control, f"{wanted:g}")
        QTest.keyClick(control, Qt.Key.Key_Return)
        return wanted
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    return not info.default
