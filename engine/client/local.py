"""The engine in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from engine.client import EngineClient
from engine.errors import EnvironmentFault
from engine.messages import ClientMessage, Hello, ServerMessage, Welcome
from engine.outbox import Outbox
from engine.runtime import Engine
from engine.session import Session


class LocalEngine(EngineClient):
    """Owns an engine and one session of it. All methods belong to one event loop."""

    def __init__(self, engine: Engine) -> None:
        """Takes over `engine`, not started yet: `open` starts it, `close` closes it."""
        self._engine = engine
        self._session: Session | None = None
        self._outbox = Outbox()

    async def open(self, hello: Hello) -> Welcome:
        """Returns once every stage is ready or has failed; how they fare comes as `stage` events meanwhile.
        Raises EnvironmentFault when the data folder is in use by another program."""
        self._engine.listen(self._outbox.put)
        await self._engine.start()
        self._session = await self._engine.session(hello, self._outbox)
        return self._engine.welcome(hello)

    async def send(self, message: ClientMessage) -> None:
        if self._session is None:
            raise EnvironmentFault("not-open", "The engine is not open; open it before talking to it.")
        await self._session.receive(message)
        await asyncio.sleep(0)  # a sender that never waits must not starve the session

    async def events(self) -> AsyncIterator[ServerMessage]:
        while (message := await self._outbox.get()) is not None:
            yield message

    async def close(self) -> None:
        self._engine.unlisten(self._outbox.put)
        await self._engine.close()
        self._outbox.close()
