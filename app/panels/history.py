"""Brings the record into the timeline, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

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
        owner: QObject,
        connection: Connection,
        timeline: Timeline,
        changed: Callable[[list[Edit]], None],
        failed: Callable[[CompanionError], None],
    ) -> None:
        """Nothing is told once `owner` has gone."""
        self.more = False
        """The record may hold turns before the oldest one that is here."""
        self._owner = owner
        self._connection = connection
        self._timeline = timeline
        self._changed = changed
        self._failed = failed
        self._loading = False
        self._asked = 0
        """Answers to all but the last question are not wanted."""
        self._then: list[Callable[[], None]] = []

    def restart(self, turns: int = PAGE) -> None:
        """Reads the newest turns again."""
        since, limit = self._timeline.end, max(PAGE, min(turns, MOST_AT_ONCE))
        self._ask(None, limit, lambda entries: self._timeline.restart(entries, since))

    def older(self, turns: int = PAGE, then: Callable[[], None] = lambda: None) -> None:
        """Reads the turns before those that are here, if there may be any. `then` is called when they, or
        what is being read already, are there; or cannot be read, and there is no `more`."""
        if self.more and self._timeline.oldest is not None:
            self._then.append(then)
            if not self._loading:
                self._ask(self._timeline.oldest, min(turns, MOST_AT_ONCE), self._timeline.older)

    def _ask(
        self, before: int | None, limit: int, take: Callable[[list[dict[str, Any]]], list[Edit]]
    ) -> None:
        self._asked += 1
        self._loading = True
        asked = self._asked

        def success(entries: list[dict[str, Any]]) -> None:
            if asked == self._asked:
                self._changed(take(entries))
                self._end(more=len(entries) == limit)

        def failure(error: CompanionError) -> None:
            if asked == self._asked:
                if error.code not in _EXPECTED:
                    self._failed(error)
                self._end(more=False)

        request = HistoryList(id="", before=before, limit=limit)
        self._connection.ask(self._owner, request, success, failure)

    def _end(self, *, more: bool) -> None:
        self._loading = False
        self.more = more
        waiting, self._then = self._then, []
        for then in waiting:
            then()
