"""From what Qt says of a key to the key that settings keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.hotkey.keys import NAMED
from app.hotkey.pressed import is_modifier, pressed_key

CTRL, ALT, SHIFT, META, KEYPAD, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.MetaModifier,
    Qt.KeyboardModifier.KeypadModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.mark.parametrize(
    ("key", "modifiers", "text"),
    [
        (Qt.Key.Key_F8, NONE, "f8"),
        (Qt.Key.Key_F20, NONE, "f20"),
        (Qt.Key.Key_Space, CTRL | ALT, "ctrl+alt+space"),
        (Qt.Key.Key_A, CTRL | SHIFT, "ctrl+shift+a"),
        (Qt.Key.Key_7, META, "cmd+7"),
        (Qt.Key.Key_Home, KEYPAD, "home"),
        (Qt.Key.Key_Backtab, ALT | SHIFT, "alt+shift+tab"),
        (Qt.Key.Key_Pause, NONE, "pause"),
    ],
)
def test_keys(key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> None:
    assert str(pressed_key(key, modifiers, "linux")) == text


def test_a_mac_has_command_and_control_the_other_way_round() -> None:
    assert str(pressed_key(Qt.Key.Key_K, CTRL, "darwin")) == "cmd+k"
    assert str(pressed_key(Qt.Key.Key_K, META, "darwin")) == "ctrl+k"


@pytest.mark.parametrize("key", [Qt.Key.Key_Print, Qt.Key.Key_Exclam, Qt.Key.Key_unknown, Qt.Key.Key_Return])
def test_keys_that_settings_have_no_name_for(key: Qt.Key) -> None:
    assert pressed_key(key, NONE) is None


def test_every_name_can_be_pressed() -> None:
    names = {key.name for each in Qt.Key if (key := pressed_key(each.value, NONE))}
    assert set(NAMED) - names == set()


@given(st.integers(min_value=-(2**31), max_value=2**31 - 1))
def test_any_number_is_a_key_or_none(key: int) -> None:
    found = pressed_key(key, NONE, "linux")
    assert found is None or found.name in NAMED or found.name.isalnum()


def test_what_is_held_along_is_no_key() -> None:
    assert is_modifier(Qt.Key.Key_Control)
    assert is_modifier(Qt.Key.Key_AltGr)
    assert not is_modifier(Qt.Key.Key_A)
