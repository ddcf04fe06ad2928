"""Blocks of a microphone that wait to be read."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

LONGEST_LINE = 100
"""Blocks that wait; more are lost, oldest first."""


class Block(NamedTuple):
    """20 ms of a microphone."""

    pcm: bytes
    gap: bool
    """Something before it was lost, because nobody read it."""


class Line:
    """One reader, in the event loop that it is filled from."""

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque(maxlen=LONGEST_LINE)
        self._gap = self._ended = False
        self._news = asyncio.Event()

    def put(self, pcm: bytes) -> None:
        """Adds a block; beyond LONGEST_LINE the oldest is lost."""
        self._gap = self._gap or len(self._blocks) == LONGEST_LINE
        self._blocks.append(pcm)
        self._news.set()

    def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._news.set()

    async def get(self) -> Block | None:
        """The next one; None when there will be no more."""
        while not self._blocks and not self._ended:
            self._news.clear()
            await self._news.wait()
        if not self._blocks:
            return None
        gap, self._gap = self._gap, False
        return Block(self._blocks.popleft(), gap)
