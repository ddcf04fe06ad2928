"""A bounded queue of audio blocks with an end."""

from __future__ import annotations

import asyncio
from collections import deque


class BlockQueue:
    """One writer, one reader, one event loop. Holds about `limit_bytes`; nothing is ever dropped."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._blocks: deque[bytes] = deque()
        self._bytes = 0
        self._ended = False
        self._changed = asyncio.Event()

    async def put(self, pcm: bytes) -> None:
        """Waits while the reader is behind; after `end` the block is ignored."""
        while self._bytes >= self._limit_bytes and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        if not self._ended:
            self._blocks.append(pcm)
            self._bytes += len(pcm)
            self._changed.set()

    def end(self) -> None:
        """No more blocks: the reader gets what is queued, then None."""
        self._ended = True
        self._changed.set()

    async def get(self) -> bytes | None:
        """The next block; None at the end."""
        while not self._blocks:
            if self._ended:
                return None
            self._changed.clear()
            await self._changed.wait()
        pcm = self._blocks.popleft()
        self._bytes -= len(pcm)
        self._changed.set()
        return pcm
