"""Keys that others use as well."""

from __future__ import annotations

import pytest

from app.hotkey.conflicts import Conflict, conflict
from app.hotkey.keys import parse
from app.i18n import table


@pytest.mark.parametrize(
    ("key", "platform", "what"),
    [
        ("f8", "linux", None),
        ("pause", "win32", None),
        ("ctrl+alt+space", "linux", None),
        ("f1", "linux", "help"),
        ("alt+f4", "win32", "close"),
        ("ctrl+c", "linux", "edit"),
        ("ctrl+space", "win32", "input"),
        ("cmd+l", "win32", "system"),
        ("cmd+q", "darwin", "close"),
        ("cmd+q", "linux", None),
    ],
)
def test_what_a_key_does_elsewhere(key: str, platform: str, what: Conflict | None) -> None:
    assert conflict(parse(key), platform) == what


def test_every_conflict_has_its_sentence() -> None:
    told = {code.partition("taken-")[2] for code in table() if code.startswith("hotkey.taken-")}
    assert told == set(Conflict.__args__)
