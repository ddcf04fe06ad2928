"""Names of keys as settings keep them: `f8`, `ctrl+alt+space`. Pure."""

from __future__ import annotations

import sys
from typing import Literal, NamedTuple

from engine.errors import ConfigFault

Modifier = Literal["ctrl", "alt", "shift", "cmd"]
MODIFIERS: tuple[Modifier, ...] = ("ctrl", "alt", "shift", "cmd")
"""In the order they are written in; `cmd` is the Windows key on Windows, Super on Linux."""

NAMED = {
    **{f"f{number}": f"F{number}" for number in range(1, 21)},
    "space": "Space",
    "pause": "Pause",
    "scroll_lock": "Scroll Lock",
    "insert": "Insert",
    "home": "Home",
    "end": "End",
    "page_up": "Page Up",
    "page_down": "Page Down",
    "menu": "Menu",
    "tab": "Tab",
    "caps_lock": "Caps Lock",
}
"""Keys that have a name, and how it is shown."""
TYPED = frozenset(("space", "tab", "home", "end", "page_up", "page_down", "insert", "caps_lock"))
"""Of these, those that people use while they write."""
SHOWN: dict[Modifier, str] = {"ctrl": "Ctrl", "alt": "Alt", "shift": "Shift", "cmd": "Super"}
SHOWN_ON: dict[str, dict[Modifier, str]] = {
    "win32": {**SHOWN, "cmd": "Win"},
    "darwin": {"ctrl": "⌃", "alt": "⌥", "shift": "⇧", "cmd": "⌘"},
}


class Key(NamedTuple):
    """A key, with what must be held along with it."""

    modifiers: frozenset[Modifier]
    name: str
    """One of NAMED, or one character."""

    def __str__(self) -> str:
        """As settings keep it."""
        return "+".join((*(each for each in MODIFIERS if each in self.modifiers), self.name))


def parse(text: str) -> Key:
    """The key that settings name. Raises ConfigFault `bad-hotkey`."""
    *before, name = (part.strip() for part in text.lower().split("+"))
    modifiers: frozenset[Modifier] = frozenset(each for each in MODIFIERS if each in before)
    if len(modifiers) != len(before) or not (name in NAMED or (len(name) == 1 and name.isalnum())):
        raise ConfigFault(
            "bad-hotkey", f"`{text}` is no key: write one like `f8`, `pause` or `ctrl+alt+space`."
        )
    if (name in TYPED or name not in NAMED) and not modifiers - {"shift"}:
        raise ConfigFault(
            "bad-hotkey", f"`{text}` would go off while you write: add ctrl, alt or cmd, or take another key."
        )
    return Key(modifiers, name)


def display(key: Key, platform: str = sys.platform) -> str:
    """The key as people read it: `Ctrl+Alt+Space`."""
    shown = SHOWN_ON.get(platform, SHOWN)
    parts = [shown[each] for each in MODIFIERS if each in key.modifiers]
    joined = "" if platform == "darwin" else "+"
    return joined.join((*parts, NAMED.get(key.name, key.name.upper())))


def shown(text: str) -> str:
    """The key that settings name, as people read it; what is no key is shown as it is written."""
    try:
        return display(parse(text))
    except ConfigFault:
        return text
