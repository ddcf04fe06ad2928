"""The memories as the engine gives them: page by page, or what a search found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.asking import Request, Success
from app.panels.memory_book import Entry, entries_of
from engine.messages import MemoryList, MemorySearch

PAGE = 200
"""Memories asked for at once."""
FOUND = 50


class MemoryPages(QObject):
    """What has come so far. An answer that something newer has overtaken is dropped."""

    changed = Signal()

    def __init__(self, ask: Callable[[Request, Success, Callable[[], None]], None]) -> None:
        """`ask` sends a question and calls the first with the answer, or the second."""
        super().__init__()
        self._ask = ask
        self._number = 0
        self._asked = False
        self.entries: list[Entry] = []
        self.whole = False
        """There is no more to come."""

    def load(self, needle: str) -> None:
        """Asks for the first page, or for what `needle` finds."""
        if needle:
            self._take(MemorySearch(id="", query=needle, limit=FOUND), [], last=True)
        else:
            self._take(MemoryList(id="", limit=PAGE), [])

    def more(self) -> None:
        """Asks for the next page, if there may be one and it is not on its way."""
        if not (self.whole or self._asked) and self.entries:
            oldest = min(entry.number for entry in self.entries)
            self._take(MemoryList(id="", limit=PAGE, before=oldest), self.entries)

    def _take(self, request: Request, before: list[Entry], last: bool = False) -> None:
        self._number += 1
        number, self._asked = self._number, True

        def take(answer: list[dict[str, Any]]) -> None:
            if number == self._number:
                self._asked = False
                self.entries = [*before, *entries_of(answer)]
                self.whole = last or len(answer) < PAGE
                self.changed.emit()

        def failed() -> None:
            if number == self._number:
                self._asked = False

        self._ask(request, take, failed)
