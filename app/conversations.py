"""One conversation after another, in one event loop: begun, switched to another engine, and ended.

What is asked for lies in a place for one: while an engine still closes, only the engine asked for last is
opened after it. What the user does waits in a queue of its own for each engine, in order, until that is open.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from app.talk import Devices, News, Talk
from engine.client import EngineClient
from engine.errors import CompanionError, as_companion_error
from engine.messages import Welcome

log = logging.getLogger(__name__)

MOST_COMMANDS = 100
"""Commands that wait for an engine; more are not taken."""

MakeClient = Callable[[], EngineClient]
"""Called in the event loop; may raise CompanionError."""
Command = Callable[[Talk], Awaitable[None]]


class Audience(Protocol):
    """Who is told, in the event loop, how conversations fare."""

    def opened(self, welcome: Welcome) -> None:
        """The engine is ready."""
        ...

    def tell(self, news: News) -> None:
        """See Talk; some comes before the engine is ready."""
        ...

    async def room(self) -> None:
        """Waits until there is room for more news."""
        ...

    def lost(self, error: CompanionError | None) -> None:
        """The conversation is over, or could not begin: once for each that was tried. None: as asked."""
        ...


class _Wanted(NamedTuple):
    """The engine that was asked for."""

    make_client: MakeClient
    language: str


class Conversations:
    """All methods belong to the event loop in which `run` runs."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._devices = Devices()
        self._muted = False
        self._wanted: _Wanted | None = None
        self._commands: asyncio.Queue[Command] = asyncio.Queue(MOST_COMMANDS)
        self._changed = asyncio.Event()
        self._stopping = False
        self.talk: Talk | None = None
        """The one that is open; any thread may look."""

    def start(self, make_client: MakeClient, language: str = "") -> None:
        """Talks with that engine from now on; another one is closed first. `language` as in Hello."""
        self._wanted = _Wanted(make_client, language)
        self._commands = asyncio.Queue(MOST_COMMANDS)
        self._changed.set()

    def stop(self) -> None:
        """Ends the conversation, and `run`."""
        self._stopping = True
        self._changed.set()

    def do(self, command: Command) -> None:
        """Runs after the commands before it, once the engine is open. Its failure is told as an error."""
        try:
            self._commands.put_nowait(command)
        except asyncio.QueueFull:
            log.warning("The engine does not keep up: a command is not taken.")

    def use(self, devices: Devices) -> None:
        """Uses these devices from now on."""
        self._devices = devices
        self.do(lambda talk: talk.use(devices))

    def mute(self, on: bool) -> None:
        """She speaks without a sound from now on, or is heard again."""
        self._muted = on
        if self.talk:
            self.talk.mute(on)

    async def run(self) -> None:
        """Until `stop`; nothing is left running."""
        current: asyncio.Task[None] | None = None
        try:
            while not self._stopping:
                await self._changed.wait()
                self._changed.clear()
                await _end(current)
                current = None
                wanted, self._wanted = self._wanted, None
                if wanted and not self._stopping:
                    current = asyncio.create_task(self._converse(wanted, self._commands), name="conversation")
        finally:
            await _end(current)

    # ------------------------------------------------------------ inside

    async def _converse(self, wanted: _Wanted, commands: asyncio.Queue[Command]) -> None:
        why: CompanionError | None = None
        try:
            async with Talk(
                wanted.make_client(),
                self._audience.tell,
                self._audience.room,
                devices=self._devices,
                language=wanted.language,
            ) as talk:
                self.talk = talk
                talk.mute(self._muted)  # it may have been changed while the engine opened
                self._audience.opened(talk.welcome)
                obeying = asyncio.create_task(_obey(talk, commands), name="obey")
                try:
                    why = await talk.over()
                finally:
                    await _end(obeying)
        except asyncio.CancelledError:
            pass  # as asked
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("a conversation failed")
            why = as_companion_error(error)
        finally:
            self.talk = None
            self._audience.lost(why)


async def _obey(talk: Talk, commands: asyncio.Queue[Command]) -> None:
    while True:
        command = await commands.get()
        try:
            await command(talk)
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("a command failed")
            talk.complain(as_companion_error(error))


async def _end(task: asyncio.Task[None] | None) -> None:
    if task:
        task.cancel()
        await asyncio.wait([task])
