"""How a program talks to an engine, wherever it runs: in this process, in a child process, on another host.

Every client speaks the messages of engine.messages, in both directions, in the same order of events.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from engine.messages import ClientMessage, Hello, ServerMessage, Welcome


class EngineClient(ABC):
    """One conversation with an engine. Use it as `async with`, or `open` and `close` it."""

    @abstractmethod
    async def open(self, hello: Hello) -> Welcome:
        """Connects and begins a session. Raises CompanionError when that cannot be."""

    @abstractmethod
    async def send(self, message: ClientMessage) -> None:
        """Sends one message. Audio may wait while the engine is behind; nothing is dropped."""

    @abstractmethod
    def events(self) -> AsyncIterator[ServerMessage]:
        """The engine's messages, in order, until the session ends. One reader."""

    @abstractmethod
    async def close(self) -> None:
        """Ends the session; what was heard is recorded first."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
