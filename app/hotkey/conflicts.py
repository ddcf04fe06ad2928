"""Keys that other programs or the system use as well. Pure; nothing is asked of the system."""

from __future__ import annotations

import sys
from typing import Literal

from app.hotkey.keys import Key, parse

Conflict = Literal[
    "help",
    "rename",
    "find",
    "close",
    "reload",
    "menu",
    "fullscreen",
    "developer",
    "switch",
    "input",
    "edit",
    "system",
]
"""What the key does elsewhere."""

_EVERYWHERE: dict[str, Conflict] = {
    "f1": "help",
    "f2": "rename",
    "f3": "find",
    "f5": "reload",
    "f10": "menu",
    "f11": "fullscreen",
    "f12": "developer",
    "alt+tab": "switch",
    "alt+f4": "close",
    "ctrl+space": "input",
    "ctrl+tab": "switch",
    "alt+space": "menu",
    "ctrl+alt+t": "system",
    **{f"ctrl+{letter}": "edit" for letter in "acfnopstvwxyz"},
}
_ON: dict[str, dict[str, Conflict]] = {
    "darwin": {
        **{f"cmd+{letter}": "edit" for letter in "acfnopstvwxz"},
        **{"cmd+q": "close", "cmd+tab": "switch", "cmd+space": "system", "ctrl+space": "input"},
    },
    "win32": {**{f"cmd+{letter}": "system" for letter in "abcdefghiklmnpqrstuvwxz"}, "cmd+space": "input"},
    "linux": {"cmd+space": "input", "cmd+l": "system", "cmd+d": "system", "cmd+tab": "switch"},
}


def conflict(key: Key, platform: str = sys.platform) -> Conflict | None:
    """What that key is used for by others; None: nothing that is known here."""
    return _on(platform).get(str(key))


def _on(platform: str) -> dict[str, Conflict]:
    named: dict[str, Conflict] = {**_EVERYWHERE, **_ON.get(platform, {})}
    return {str(parse(name)): what for name, what in named.items()}
