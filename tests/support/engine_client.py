"""An EngineClient without an engine: says what the test lets it say, and notes what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from engine.client import EngineClient
from engine.errors import CompanionError
from engine.messages import ClientMessage, Hello, ServerMessage, Welcome


class NotedClient(EngineClient):
    """Opens at once, unless `opening` is cleared, or with an error."""

    def __init__(self, error: CompanionError | None = None) -> None:
        self.opening = asyncio.Event()
        self.opening.set()
        self.sent: list[ClientMessage] = []
        self.on_send: Callable[[ClientMessage], None] = lambda message: None
        self.is_open = False
        self.closed = 0
        self._error = error
        self._events: asyncio.Queue[ServerMessage | None] = asyncio.Queue()

    def say(self, *messages: ServerMessage) -> None:
        """The engine's messages."""
        for message in messages:
            self._events.put_nowait(message)

    def end(self) -> None:
        """The engine ends the conversation."""
        self._events.put_nowait(None)

    async def open(self, hello: Hello) -> Welcome:
        self.hello = hello
        await self.opening.wait()
        if self._error:
            raise self._error
        self.is_open = True
        return Welcome(session="s")

    async def send(self, message: ClientMessage) -> None:
        await asyncio.sleep(0)
        self.sent.append(message)
        self.on_send(message)

    async def events(self) -> AsyncIterator[ServerMessage]:
        while (message := await self._events.get()) is not None:
            yield message

    async def close(self) -> None:
        self.closed += 1
        self.is_open = False
        self.end()
