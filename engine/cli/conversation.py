"""One conversation in the terminal: an engine, a screen and a speaker, wired together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self

from engine.cli.screen import Screen
from engine.cli.speaker import Report, Speaker
from engine.client import EngineClient
from engine.messages import (
    ErrorEvent,
    Flush,
    Hello,
    InputText,
    SpeechAudio,
    State,
    Welcome,
)

RATE = 24000
"""Hertz of the speech the terminal asks for."""


class Conversation:
    """Owns the client and the tasks that read it; use it as `async with`."""

    def __init__(
        self, client: EngineClient, screen: Screen, make_speaker: Callable[[Report], Speaker]
    ) -> None:
        self.client = client
        self.screen = screen
        self.speaker = make_speaker(client.send)
        self._tasks: list[asyncio.Task[None]] = []
        self._resting = asyncio.Event()
        self._resting.set()
        self._listening = asyncio.Event()
        self._listening.set()
        self.over = False
        """True once the engine has ended the conversation."""
        self.on_over: Callable[[], None] = lambda: None

    async def __aenter__(self) -> Self:
        """Opens the engine; stages that fail are shown while it loads. Raises as EngineClient.open."""
        self._tasks = [
            asyncio.create_task(self._read(), name="read-engine"),
            asyncio.create_task(self.speaker.run(), name="speaker"),
        ]
        try:
            self.welcome: Welcome = await self.client.open(
                Hello(client="terminal", features=("playback",), output_rate=self.speaker.rate)
            )
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def say(self, text: str) -> None:
        """Sends a typed turn."""
        _set(self._resting, self.over)
        await self.client.send(InputText(text=text))

    async def rest(self) -> None:
        """Waits until nobody listens, thinks or speaks."""
        await self._resting.wait()

    @property
    def resting(self) -> bool:
        """True while nobody listens, thinks or speaks."""
        return self._resting.is_set()

    async def listen(self) -> None:
        """Waits while the companion thinks or speaks."""
        await self._listening.wait()

    async def _stop(self) -> None:
        await self.client.close()
        reader, *others = self._tasks
        await reader
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _read(self) -> None:
        async for message in self.client.events():
            match message:
                case SpeechAudio():
                    self.speaker.play(message)
                case Flush():
                    await self.speaker.flush(message.stream)
                case State():
                    _set(self._resting, message.state == "idle")
                    _set(self._listening, message.state in ("idle", "listening"))
                    self.screen.show(message)
                case ErrorEvent(code="text-too-long" | "text-empty"):
                    self._resting.set()
                    self.screen.show(message)
                case _:
                    self.screen.show(message)
        self.over = True
        self._resting.set()
        self._listening.set()
        self.on_over()


def _set(event: asyncio.Event, value: bool) -> None:
    if value:
        event.set()
    else:
        event.clear()
