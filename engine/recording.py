"""Writes a session's turns to the record, in order, and keeps what could not be written until it can.

A turn is two writes: the user's words when they are committed, and the reply as it was heard when it has
ended. A full or lost disk must cost neither the conversation nor a turn: unwritten turns wait here, the user
is told once, and every later write tries again from the oldest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.errors import CompanionError, StageTimeout

log = logging.getLogger(__name__)

Outcome = Literal["done", "cancelled", "error"]
Source = Literal["voice", "typed"]

MAX_UNWRITTEN = 500
"""Turns kept while they cannot be written; older ones are lost then, and the log says so."""


class TurnRecord(Protocol):
    """The part of engine.memory.store.Memory that keeps turns. Both return when it is safe on disk."""

    async def user_turn(
        self,
        *,
        session: str,
        turn: int,
        text: str,
        language: str,
        source: Source,
        emotion: str = "",
    ) -> int: ...

    async def reply_heard(self, turn_id: int, *, text: str, emotion: str, outcome: Outcome) -> None: ...


@dataclass
class _Entry:
    turn: int
    text: str
    language: str
    source: Source
    emotion: str
    row: int | None = None
    reply: tuple[str, str, Outcome] | None = None


class Recorder:
    """The turns of one session on their way to the record."""

    def __init__(
        self,
        record: TurnRecord,
        session: str,
        *,
        deadline_s: float,
        on_trouble: Callable[[CompanionError | None], None],
    ) -> None:
        """`on_trouble` is told the error once when writing begins to fail, and None when it works again."""
        self._record = record
        self._session = session
        self._deadline_s = deadline_s
        self._on_trouble = on_trouble
        self._entries: deque[_Entry] = deque()
        self._rows: dict[int, int] = {}
        self._lock = asyncio.Lock()
        self._in_trouble = False

    def rows(self, newest: int) -> list[int]:
        """Record ids of the session's last `newest` turns."""
        return list(self._rows.values())[-newest:] if newest else []

    def said(self, turn: int, text: str, language: str, source: Source, emotion: str) -> None:
        """Notes a committed turn; `write` puts it on disk."""
        if len(self._entries) >= MAX_UNWRITTEN:
            log.error("a turn was lost: %d turns could not be written", len(self._entries))
            self._entries.popleft()
        self._entries.append(_Entry(turn, text, language, source, emotion))

    def heard(self, turn: int, text: str, emotion: str, outcome: Outcome) -> None:
        """Notes how the reply to `turn` ended; `write` puts it on disk."""
        for entry in self._entries:
            if entry.turn == turn:
                entry.reply = (text, emotion, outcome)

    async def write(self) -> bool:
        """Writes everything noted so far, oldest first; True when all of it is safe on disk."""
        async with self._lock:
            try:
                for entry in list(self._entries):
                    async with asyncio.timeout(self._deadline_s):
                        await self._write(entry)
            except CompanionError as error:
                self._trouble(error)
                return False
            except TimeoutError:
                self._trouble(StageTimeout("memory", "Writing takes too long; it is tried again."))
                return False
            self._trouble(None)
            return True

    async def _write(self, entry: _Entry) -> None:
        if entry.row is None:
            entry.row = await self._record.user_turn(
                session=self._session,
                turn=entry.turn,
                text=entry.text,
                language=entry.language,
                source=entry.source,
                emotion=entry.emotion,
            )
            self._rows[entry.turn] = entry.row
        if entry.reply is not None:
            text, emotion, outcome = entry.reply
            await self._record.reply_heard(entry.row, text=text, emotion=emotion, outcome=outcome)
            with contextlib.suppress(ValueError):  # given up meanwhile: see `said`
                self._entries.remove(entry)

    def _trouble(self, error: CompanionError | None) -> None:
        if (error is not None) != self._in_trouble:
            self._in_trouble = error is not None
            self._on_trouble(error)
