"""Keys that are in use elsewhere."""

from __future__ import annotations

from typing import get_args

import pytest

from app.hotkey.conflicts import Conflict, conflict
from app.hotkey.keys import parse
from app.i18n import table


@pytest.mark.parametrize(
    ("text", "platform", "use"),
    [
        ("f8", "linux", None),
        ("pause", "win32", None),
        ("ctrl+alt+space", "win32", None),
        ("f1", "win32", "help"),
        ("f5", "linux", "reload"),
        ("f11", "darwin", "full-screen"),
        ("alt+f4", "win32", "close"),
        ("alt+tab", "linux", "switch"),
        ("alt+shift+tab", "linux", "switch"),
        ("ctrl+c", "win32", "edit"),
        ("ctrl+v", "linux", "edit"),
        ("ctrl+x", "linux", "edit"),
        ("ctrl+z", "linux", "edit"),
        ("cmd+c", "darwin", "edit"),
        ("ctrl+c", "darwin", None),
        ("ctrl+space", "win32", "input-method"),
        ("ctrl+space", "darwin", "system"),
        ("cmd+space", "darwin", "input-method"),
        ("cmd+l", "win32", "system"),
        ("cmd+l", "darwin", None),
        ("ctrl+alt+f2", "linux", "system"),
        ("ctrl+alt+f2", "win32", None),
        ("alt+e", "win32", "letters"),
    ],
)
def test_well_known_uses(text: str, platform: str, use: Conflict | None) -> None:
    assert conflict(parse(text), platform) == use


def test_each_use_has_a_sentence() -> None:
    there = {code for code in table() if code.startswith("hotkey.conflict-")}
    assert there == {f"hotkey.conflict-{use}" for use in get_args(Conflict)}
