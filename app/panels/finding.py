"""Finding words in the conversation. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.panels.timeline import Row


def places(text: str, needle: str) -> list[int]:
    """Where `needle` stands in `text`, in code points; upper and lower case are the same."""
    if not needle:
        return []
    text, needle = _folded(text), _folded(needle)
    found, at = [], text.find(needle)
    while at >= 0:
        found.append(at)
        at = text.find(needle, at + len(needle))
    return found


def matches(rows: Sequence[Row], needle: str) -> list[int]:
    """The rows of the conversation with `needle` in them, from old to new."""
    if not needle:
        return []
    folded = _folded(needle)
    return [
        number
        for number, row in enumerate(rows)
        if row.kind in ("user", "reply") and folded in _folded(row.text)
    ]


def _folded(text: str) -> str:
    """In lower case, each character still one: 'İ' would become two, and all places after it be wrong."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
