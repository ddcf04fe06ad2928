"""Texts, in one line or several."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.panels.fields.text import LongTextField, TextField


def test_a_line_is_wanted_when_it_is_entered(qtbot: QtBot) -> None:
    field = TextField(5, "hint")
    qtbot.addWidget(field)
    field.show()
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    edit = field.control
    assert isinstance(edit, QLineEdit)
    assert edit.placeholderText() == "hint"
    QTest.keyClicks(edit, " Mia and more")
    assert wanted == []
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert wanted == ["Mia"], "once, and no longer than may be"
    field.stay("")
    assert edit.text().strip() == "Mia", "what was refused stays to be mended"
    field.commit()
    assert wanted == ["Mia", "Mia"]
    field.put("Ann")
    field.commit()
    assert edit.text() == "Ann"
    assert len(wanted) == 2


def test_several_lines_are_wanted_when_they_are_left(qtbot: QtBot) -> None:
    field = LongTextField(10, "")
    qtbot.addWidget(field)
    field.show()
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    edit = field.control
    assert isinstance(edit, QPlainTextEdit)
    field.activateWindow()
    qtbot.waitActive(field)
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    QTest.keyClicks(edit, "0123456789abc")
    assert edit.toPlainText() == "0123456789"
    assert wanted == []
    edit.clearFocus()
    assert wanted == ["0123456789"]
    field.put("")
    assert edit.toPlainText() == ""
    assert wanted == ["0123456789"]
