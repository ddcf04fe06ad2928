"""On and off."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.fields.switch import Switch, SwitchField
from app.theme import DARK, LIGHT


def test_it_is_switched_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    field = SwitchField(LIGHT)
    qtbot.addWidget(field)
    field.show()
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    field.put(True)
    assert wanted == []
    QTest.mouseClick(field.control, Qt.MouseButton.LeftButton)
    QTest.keyClick(field.control, Qt.Key.Key_Space)
    assert wanted == ["false", "true"]


def test_on_and_off_look_different_also_without_colour(qtbot: QtBot) -> None:
    for theme in (LIGHT, DARK):
        switch = Switch(theme)
        qtbot.addWidget(switch)
        off = switch.grab().toImage()
        switch.setChecked(True)
        on = switch.grab().toImage()
        middle = on.height() // 2
        knob_on = on.pixelColor(on.width() - on.height() // 2, middle)
        assert knob_on.name() == "#ffffff"
        assert off.pixelColor(off.width() - off.height() // 2, middle).name() == theme.window
