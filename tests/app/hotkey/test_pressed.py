"""Key presses of Qt, as settings name them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.hotkey.keys import parse
from app.hotkey.pressed import pressed

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
META, NONE = Qt.KeyboardModifier.MetaModifier, Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize(
    ("key", "modifiers", "name"),
    [
        (Qt.Key.Key_F8, NONE, "f8"),
        (Qt.Key.Key_F20, NONE, "f20"),
        (Qt.Key.Key_Pause, NONE, "pause"),
        (Qt.Key.Key_Space, CTRL | ALT, "ctrl+alt+space"),
        (Qt.Key.Key_K, META, "cmd+k"),
        (Qt.Key.Key_5, CTRL, "ctrl+5"),
    ],
)
def test_a_key_has_the_name_that_is_read_again(key: int, modifiers: Qt.KeyboardModifier, name: str) -> None:
    found = pressed(key, modifiers, "linux")
    assert found == parse(name)
    assert str(found) == name


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_VolumeUp]
)
def test_some_have_none(key: int) -> None:
    assert pressed(key, CTRL, "linux") is None


def test_on_macos_qt_calls_command_control() -> None:
    assert pressed(Qt.Key.Key_K, CTRL, "darwin") == parse("cmd+k")
    assert pressed(Qt.Key.Key_K, META, "darwin") == parse("ctrl+k")
