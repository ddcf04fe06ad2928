"""What was pressed in a window of ours, as a key of the settings. Pure."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt

from app.hotkey.keys import MODIFIERS, Key, Modifier

_KEYS = {
    **{Qt.Key(Qt.Key.Key_F1.value + number): f"f{number + 1}" for number in range(20)},
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Pause: "pause",
    Qt.Key.Key_ScrollLock: "scroll_lock",
    Qt.Key.Key_Insert: "insert",
    Qt.Key.Key_Home: "home",
    Qt.Key.Key_End: "end",
    Qt.Key.Key_PageUp: "page_up",
    Qt.Key.Key_PageDown: "page_down",
    Qt.Key.Key_Menu: "menu",
    Qt.Key.Key_Tab: "tab",
    Qt.Key.Key_Backtab: "tab",
    Qt.Key.Key_CapsLock: "caps_lock",
}
_ALONE = {
    *(Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Shift, Qt.Key.Key_Meta, Qt.Key.Key_AltGr),
    *(Qt.Key.Key_Super_L, Qt.Key.Key_Super_R),
}
_FLAGS: dict[Modifier, Qt.KeyboardModifier] = {
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "cmd": Qt.KeyboardModifier.MetaModifier,
}


def is_modifier(key: int) -> bool:
    """Whether Qt's `key` is one that is held along with another."""
    return key in _ALONE


def pressed_key(key: int, modifiers: Qt.KeyboardModifier, platform: str = sys.platform) -> Key | None:
    """The key of a QKeyEvent, with what is held along with it; None for one that settings have no name for.
    Whether it can be the key to talk is for `keys.parse` to say."""
    name = _KEYS.get(Qt.Key(key)) if key in _KEYS else _character(key)
    if name is None:
        return None
    flags = dict(_FLAGS)
    if platform == "darwin":  # there Qt calls Command Control, and Control Meta
        flags["ctrl"], flags["cmd"] = flags["cmd"], flags["ctrl"]
    return Key(frozenset(each for each in MODIFIERS if flags[each] & modifiers), name)


def _character(key: int) -> str | None:
    """The letter or digit that Qt's `key` stands for: its code point, in capitals."""
    if not 0x20 < key <= 0x10FFFF:  # above are keys that write nothing
        return None
    letter = chr(key).lower()
    return letter if len(letter) == 1 and letter.isalnum() else None
