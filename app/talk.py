"""One conversation of the desktop: an engine, the speaker and the microphone, wired together.

    microphone ─► [ears] ────────────► client ─► events ─┬─► speaker ─► play-out reports ─► client
    key, typed words, requests ──────►                   ├─► [heard]: subtitle and lips, for who draws
                                                         └─► tell: everything but sound, for the windows

All of it lives in one event loop. Sound goes no other way, so that a busy window costs no word.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NamedTuple, Self

from app.devices.microphone import Microphone
from app.devices.speaker import Speaker
from app.ears import Ears
from app.heard import Heard
from engine.client import EngineClient
from engine.errors import CompanionError, EnvironmentFault
from engine.messages import (
    ClientMessage,
    ErrorEvent,
    Flush,
    Hello,
    InputText,
    Interrupt,
    ReplyMarks,
    ServerMessage,
    SpeechAudio,
    Welcome,
)

log = logging.getLogger(__name__)

RATE = 24000
"""Hertz of the speech the desktop asks for."""
HUSH_S = 1.0
"""How long, at the end, the engine may take for the last words of the microphone."""
READ_OUT_S = 1.0
"""How long, once the client is closed, the last messages may take to be read."""


DeviceKind = Literal["speaker", "microphone"]


class Devices(NamedTuple):
    """Names of the chosen devices; empty: those that the system offers."""

    speaker: str = ""
    microphone: str = ""


@dataclass(frozen=True)
class DeviceNews:
    """A sound device is in use from now on, or there is none."""

    kind: DeviceKind
    name: str
    """Empty when there is none."""
    error: EnvironmentFault | None
    """Why there is none."""


class HandsFreeNews(NamedTuple):
    """The microphone listens all the time from now on, or no more."""

    on: bool


News = ServerMessage | DeviceNews | HandsFreeNews


class Talk:
    """Owns the client and the devices; use it as `async with`, which opens and closes them."""

    def __init__(
        self,
        client: EngineClient,
        tell: Callable[[News], None],
        room: Callable[[], Awaitable[None]],
        *,
        devices: Devices = Devices(),  # noqa: B008 - immutable
        language: str = "",
    ) -> None:
        """`tell` gets the engine's messages without the sound, and news of devices; before each message is
        read, `room` waits until there is room for it. `language` as in Hello."""
        self._client = client
        self._tell = tell
        self._room = room
        self._language = language
        self._chosen = devices
        self._speaker = Speaker(RATE, client.send, self._on_speaker)
        self._microphone = Microphone(client.send, self._on_microphone)
        self._microphone.use(devices.microphone)
        self._ears = Ears(self._microphone, client.send, self.complain, lambda on: tell(HandsFreeNews(on)))
        self._tasks: list[asyncio.Task[None]] = []
        self._fatal: ErrorEvent | None = None
        self.heard = Heard(RATE, self._speaker.position)
        """May be asked from any thread."""

    @property
    def level_dbfs(self) -> float:
        """How loud the microphone hears, as RMS; any thread may ask."""
        return self._microphone.level_dbfs

    async def __aenter__(self) -> Self:
        """Opens the client. Raises CompanionError when that cannot be."""
        await self._speaker.use(self._chosen.speaker)
        reading = asyncio.create_task(self._read(), name="read-engine")
        self._tasks = [reading, asyncio.create_task(self._speaker.run(), name="speak")]
        try:
            self.welcome: Welcome = await self._client.open(
                Hello(client="desktop", features=("playback",), output_rate=RATE, language=self._language)
            )
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def over(self) -> CompanionError:
        """Waits until the engine has ended the conversation; returns why. Raises what went wrong in here."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if self._fatal:
            return CompanionError(self._fatal.code, self._fatal.message)
        return EnvironmentFault("engine-lost", "The engine has ended the conversation; start it again.")

    # ------------------------------------------------------------ what the user does; one call at a time

    async def press(self) -> None:
        """The key to talk goes down."""
        await self._ears.press()

    async def release(self) -> None:
        """The key to talk goes up."""
        await self._ears.release()

    async def hands_free(self, on: bool) -> None:
        """Listens all the time, or no more."""
        await self._ears.hands_free(on)

    async def say(self, text: str) -> None:
        """A typed turn."""
        await self._client.send(InputText(text=text))

    async def interrupt(self) -> None:
        """Stops her speech."""
        await self._client.send(Interrupt())

    async def send(self, message: ClientMessage) -> None:
        """Requests, and changes of the session other than hands-free."""
        await self._client.send(message)

    async def use(self, devices: Devices) -> None:
        """Another speaker plays from now on; another microphone listens from its next opening on."""
        self._microphone.use(devices.microphone)
        if devices.speaker != self._chosen.speaker:
            await self._speaker.use(devices.speaker)
        self._chosen = devices

    def mute(self, on: bool) -> None:
        """She speaks without a sound, or is heard again."""
        self._speaker.mute(on)

    def complain(self, error: CompanionError) -> None:
        """Tells of something that did not work, as the engine would."""
        self._tell(ErrorEvent(code=error.code, message=error.message))

    # ------------------------------------------------------------ inside

    async def _read(self) -> None:
        async for message in self._client.events():
            self.heard.tell(message)
            match message:
                case SpeechAudio():
                    self._speaker.play(message)
                    continue
                case Flush():
                    await self._speaker.flush(message.stream)
                    continue
                case ReplyMarks():
                    continue
                case ErrorEvent(fatal=True):
                    self._fatal = message
                case _:
                    pass
            await self._room()
            self._tell(message)

    def _on_speaker(self, device: str, error: EnvironmentFault | None) -> None:
        self._tell(DeviceNews("speaker", device, error))

    def _on_microphone(self, device: str, error: EnvironmentFault | None) -> None:
        self._tell(DeviceNews("microphone", device, error))

    async def _stop(self) -> None:
        """Gives the microphone back first, whatever else happens. The speaker runs on until the engine has
        been told what was heard."""
        reading, speaking = self._tasks
        hushing = asyncio.create_task(self._quietly(self._ears.close()), name="close-microphone")
        try:
            await asyncio.wait([hushing], timeout=HUSH_S)
            await self._quietly(self._client.close())
            await asyncio.wait([hushing, reading], timeout=READ_OUT_S)
        finally:
            for task in (hushing, reading, speaking):
                task.cancel()
            await asyncio.gather(hushing, reading, speaking, return_exceptions=True)

    async def _quietly(self, ending: Awaitable[None]) -> None:
        """What fails in ending is noted: the rest must still be ended."""
        try:
            await ending
        except CompanionError as error:
            log.info("while a conversation ended: %s", error)
        except Exception:
            log.exception("ending a conversation failed")
