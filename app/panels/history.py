"""Brings the record into the timeline, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.connection import Connection
from app.panels.timeline import Edit, Timeline
from engine.errors import CompanionError
from engine.messages import HistoryList

PAGE = 50
"""Turns of a page."""
MOST_AT_ONCE = 500
"""Turns one answer may hold."""
_EXPECTED = ("engine-lost", "memory-unavailable", "memory-off")
"""Reasons to have no record that are told elsewhere."""


class History:
    """Asks for one page at a time."""

    def __init__(
        self,
        connection: Connection,
        timeline: Timeline,
        changed: Callable[[list[Edit]], None],
        failed: Callable[[CompanionError], None],
    ) -> None:
        self.more = False
        """The record may hold turns before the oldest one that is here."""
        self._connection = connection
        self._timeline = timeline
        self._changed = changed
        self._failed = failed
        self._loading = False
        self._asked = 0
        """Answers to what was asked before the last restart are not wanted."""

    def restart(self, turns: int = PAGE) -> None:
        """Reads the newest turns again."""
        self._asked += 1
        self._loading = True
        asked, since = self._asked, self._timeline.end
        limit = max(PAGE, min(turns, MOST_AT_ONCE))

        def success(entries: list[dict[str, Any]]) -> None:
            if asked == self._asked:
                self._loading = False
                self.more = len(entries) == limit
                self._changed(self._timeline.restart(entries, since))

        self._connection.ask(HistoryList(id="", limit=limit), success, self._failure(asked))

    def older(self, turns: int = PAGE, then: Callable[[], None] = lambda: None) -> None:
        """Reads the turns before those that are here, if there may be any; then calls `then`."""
        if self._loading or not self.more or self._timeline.oldest is None:
            return
        self._loading = True
        asked, limit = self._asked, min(turns, MOST_AT_ONCE)

        def success(entries: list[dict[str, Any]]) -> None:
            if asked == self._asked:
                self._loading = False
                self.more = len(entries) == limit
                self._changed(self._timeline.older(entries))
                then()

        request = HistoryList(id="", before=self._timeline.oldest, limit=limit)
        self._connection.ask(request, success, self._failure(asked))

    def _failure(self, asked: int) -> Callable[[CompanionError], None]:
        def failure(error: CompanionError) -> None:
            if asked == self._asked:
                self._loading = False
                if error.code not in _EXPECTED:
                    self._failed(error)

        return failure
