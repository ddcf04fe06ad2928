"""The bounded queue of messages from a session to its client.

Control is put at once; who produces text and audio waits for room first, so a slow reader pauses the voice
and never grows memory. A reader that takes nothing at all for LIMIT messages has gone: the queue closes.
"""

from __future__ import annotations

import asyncio
from collections import deque

from engine.messages import (
    ReplyMarks,
    ReplySegment,
    ReplyText,
    ServerMessage,
    SpeechAudio,
)

ROOM = 64
"""Producers of text and audio wait while this many messages are unread."""
LIMIT = 2048
"""Unread messages after which the reader is given up."""

_DROPPABLE = (ReplyText, ReplySegment, ReplyMarks, SpeechAudio)


class Outbox:
    """One reader, one event loop. Messages marked `urgent` overtake the others."""

    def __init__(self) -> None:
        self._urgent: deque[ServerMessage] = deque()
        self._ordered: deque[ServerMessage] = deque()
        self._filled = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._closed = False
        self._stale_up_to = 0

    @property
    def closed(self) -> bool:
        """True once nothing more is delivered."""
        return self._closed

    def put(self, message: ServerMessage) -> None:
        """Queues a message; after `close`, or when it belongs to a dropped stream, it is dropped."""
        if self._closed or self.is_stale(message):
            return
        queue = self._urgent if message.urgent else self._ordered
        queue.append(message)
        unread = len(self._ordered) + len(self._urgent)
        if unread >= LIMIT:
            self.close()
        elif unread >= ROOM:
            self._drained.clear()
        self._filled.set()

    async def room(self) -> None:
        """Waits until the reader has caught up (returns at once when closed)."""
        await self._drained.wait()

    def drop_stream(self, stream: int) -> None:
        """The text and audio of this reply, and of those before it, have become stale: what is unread is
        taken back, and what is still put (by a task that does not know yet) is dropped."""
        self._stale_up_to = max(self._stale_up_to, stream)
        self._ordered = deque(message for message in self._ordered if not self.is_stale(message))
        self._note_reading()

    def is_stale(self, message: ServerMessage) -> bool:
        """True for text and audio of a reply that was dropped: whoever still holds it must not pass it on."""
        return isinstance(message, _DROPPABLE) and message.stream <= self._stale_up_to

    async def get(self) -> ServerMessage | None:
        """The next message; None once the queue is closed and empty."""
        while not (self._urgent or self._ordered):
            if self._closed:
                return None
            self._filled.clear()
            await self._filled.wait()
        message = self._urgent.popleft() if self._urgent else self._ordered.popleft()
        self._note_reading()
        return message

    def close(self) -> None:
        """No more messages are taken; what is queued can still be read."""
        self._closed = True
        self._filled.set()
        self._drained.set()

    def _note_reading(self) -> None:
        if len(self._ordered) + len(self._urgent) < ROOM:
            self._drained.set()
