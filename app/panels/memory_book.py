"""What the memory panel shows: the memories as they came, a filter, and edits that are not saved. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

import msgspec

Filter = Literal["all", "pinned", "facts", "notes", "past"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
NEW = ""
"""In place of an id: a note that is being written."""


class Entry(msgspec.Struct, frozen=True):
    """A fact, a note, or (found by searching) something the user said."""

    id: str
    kind: Literal["fact", "note", "turn"]
    text: str
    at: str
    """ISO 8601."""
    until: str | None = None
    """Since when it holds no longer."""
    pinned: bool = False

    @property
    def number(self) -> int:
        """That of the id: what is newer has a larger one."""
        return int(self.id.partition(":")[2])


_KEEPS: dict[Filter, Callable[[Entry], bool]] = {
    "all": lambda entry: True,
    "pinned": lambda entry: entry.pinned,
    "facts": lambda entry: entry.kind == "fact" and not entry.until,
    "notes": lambda entry: entry.kind == "note",
    "past": lambda entry: bool(entry.until),
}


def entries_of(answer: list[dict[str, Any]]) -> list[Entry]:
    """What `memory.list` and `memory.search` answer. Raises msgspec.ValidationError for anything else."""
    return msgspec.convert(answer, list[Entry])


def kept(entries: list[Entry], chosen: Filter) -> list[Entry]:
    """Those that a filter shows, in their order."""
    return [entry for entry in entries if _KEEPS[chosen](entry)]


class Drafts:
    """Edits that are not saved, by memory; they end only as the user wants."""

    def __init__(self, texts: dict[str, str] | None = None) -> None:
        self.texts: dict[str, str] = dict(texts or {})

    def write(self, memory: str, text: str, saved: str) -> None:
        """The editor holds `text` now, and the memory `saved`."""
        if text == saved:
            self.texts.pop(memory, None)
        else:
            self.texts[memory] = text

    def drop(self, memory: str) -> None:
        self.texts.pop(memory, None)

    def saved(self, memory: str, text: str) -> None:
        """`text` is safe in the engine; what was written since is still a draft."""
        if self.texts.get(memory) == text:
            del self.texts[memory]
