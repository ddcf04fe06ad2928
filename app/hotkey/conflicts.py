"""Keys that other programs, or the system, use already. Pure."""

from __future__ import annotations

import sys
from typing import Literal

from app.hotkey.keys import Key, parse

Conflict = Literal[
    "help", "reload", "full-screen", "close", "switch", "edit", "input-method", "system", "letters"
]
"""What the key does elsewhere: its sentence is `hotkey.conflict-...`."""

_EVERYWHERE: dict[str, Conflict] = {
    "f1": "help",
    "f5": "reload",
    "f11": "full-screen",
    "alt+f4": "close",
    "alt+tab": "switch",
    "alt+shift+tab": "switch",
    "ctrl+tab": "switch",
    "ctrl+space": "input-method",
    "alt+space": "system",
    "cmd+space": "input-method",
    "cmd+tab": "switch",
}
_EDITING = "acvxzysfpnowqt"
"""With the system's main modifier."""
_SYSTEM: dict[str, tuple[str, ...]] = {
    "win32": ("cmd+l", "cmd+d", "cmd+e", "cmd+r", "cmd+i", "cmd+v", "cmd+s", "cmd+h"),
    "darwin": ("ctrl+space", "cmd+h", "cmd+m", "alt+cmd+d"),
    "linux": (
        "ctrl+alt+t",
        "ctrl+alt+l",
        "cmd+l",
        "cmd+d",
        "cmd+a",
        *(f"ctrl+alt+f{number}" for number in range(1, 13)),
    ),
}


def conflict(key: Key, platform: str = sys.platform) -> Conflict | None:
    """What the key is used for elsewhere; None: nothing well known."""
    main = "cmd" if platform == "darwin" else "ctrl"
    if key.modifiers == {main} and key.name in _EDITING:
        return "edit"
    if key in {parse(text) for text in _SYSTEM.get(platform, ())}:
        return "system"
    for text, use in _EVERYWHERE.items():
        if parse(text) == key:
            return use
    if key.modifiers == {"alt"} and len(key.name) == 1:
        return "letters"
    return None
