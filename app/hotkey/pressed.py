"""The key of a key press in a window of ours."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt

from app.hotkey.keys import Key, Modifier

_NAMES = {
    **{Qt.Key(Qt.Key.Key_F1 + number - 1): f"f{number}" for number in range(1, 21)},
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
_MODIFIERS: dict[Qt.KeyboardModifier, Modifier] = {
    Qt.KeyboardModifier.ControlModifier: "ctrl",
    Qt.KeyboardModifier.AltModifier: "alt",
    Qt.KeyboardModifier.ShiftModifier: "shift",
    Qt.KeyboardModifier.MetaModifier: "cmd",
}
# Qt calls the command key Control there, and Control Meta.
_ON_MACOS: dict[Qt.KeyboardModifier, Modifier] = {
    **_MODIFIERS,
    Qt.KeyboardModifier.ControlModifier: "cmd",
    Qt.KeyboardModifier.MetaModifier: "ctrl",
}


def pressed(key: int, modifiers: Qt.KeyboardModifier, platform: str = sys.platform) -> Key | None:
    """The key that settings would name; None for a modifier alone and for what has no name there."""
    name = _NAMES.get(Qt.Key(key), "")
    if not name and key < 128 and chr(key).isalnum():
        name = chr(key).lower()
    if not name:
        return None
    named = _ON_MACOS if platform == "darwin" else _MODIFIERS
    return Key(frozenset(modifier for flag, modifier in named.items() if modifiers & flag), name)
