"""The microphone: open only while someone talks, or while hands-free listening is visibly on.

When the device is lost meanwhile, that is told, and listening goes on with the one that the system offers
then; another is looked for until one is there, or the microphone is closed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.devices.portaudio import Input, open_input
from engine.audio import SILENT_DBFS, Resampler, rms_dbfs
from engine.errors import EnvironmentFault
from engine.messages import MicrophoneAudio

log = logging.getLogger(__name__)

RATE = 16000
"""Hertz of what is sent."""
RETRY_S = 1.0
"""Between two attempts to find a device."""

Send = Callable[[MicrophoneAudio], Awaitable[None]]
OnDevice = Callable[[str, EnvironmentFault | None], None]
"""Told the name of the device that listens from now on, or that it was lost."""


class Microphone:
    """One utterance, or one stretch of hands-free listening, at a time. One event loop."""

    def __init__(self, send: Send, on_device: OnDevice) -> None:
        """`send` gets the audio."""
        self._send = send
        self._on_device = on_device
        self._chosen = ""
        self._input: Input | None = None
        self._turn = asyncio.Lock()  # a key is sometimes released while the device still opens
        self._released = False
        self._listening: asyncio.Task[None] | None = None
        self.level_dbfs = SILENT_DBFS
        """RMS of the latest block."""

    @property
    def is_open(self) -> bool:
        """True from `open` to `close`."""
        return self._listening is not None

    def use(self, device: str) -> None:
        """Listens to the device of that name from the next `open` on; empty: to the system's default one."""
        self._chosen = device

    async def open(self, stream: int) -> None:
        """Begins to send, as audio stream `stream`. Raises EnvironmentFault `no-microphone`."""
        async with self._turn:
            assert not self.is_open, "the microphone is open already"
            self._input = await open_input(RATE, self._chosen)
            self._on_device(self._input.device, None)
            self._released = False
            self._listening = asyncio.create_task(self._listen(stream), name="microphone")

    async def close(self) -> None:
        """Gives the device back, and returns when everything heard was sent."""
        async with self._turn:
            if self._listening is None:
                return
            self._released = True
            if self._input:
                await self._input.close()
            else:
                self._listening.cancel()  # there is nothing to listen to
            await asyncio.wait([self._listening])
            listening, self._listening = self._listening, None
            self.level_dbfs = SILENT_DBFS
            if not listening.cancelled():
                listening.result()

    async def _listen(self, stream: int) -> None:
        gap = False
        try:
            while self._input:
                await self._pass_on(stream, self._input, gap)
                self._input, gap = None, True
                if not self._released:
                    self._input = await self._another()
        finally:
            if self._input:  # nobody takes what it hears
                await self._input.close()

    async def _pass_on(self, stream: int, source: Input, gap: bool) -> None:
        """Sends what is heard until there will be no more. `gap`: something was lost before."""
        resampler = Resampler(source.rate, RATE)
        while block := await source.read():
            self.level_dbfs = rms_dbfs(block.pcm)
            sent = resampler.process(block.pcm)
            await self._send(MicrophoneAudio(stream=stream, pcm=sent, discontinuity=gap or block.gap))
            gap = False
        if rest := resampler.flush():
            await self._send(MicrophoneAudio(stream=stream, pcm=rest, discontinuity=gap))

    async def _another(self) -> Input:
        """The device that is there after one was lost."""
        self.level_dbfs = SILENT_DBFS
        self._on_device("", EnvironmentFault("microphone-lost", "The microphone has gone; plug it in again."))
        while True:
            try:
                found = await open_input(RATE, self._chosen)
            except EnvironmentFault as error:
                log.debug("still no microphone: %s", error)
                await asyncio.sleep(RETRY_S)
            else:
                self._on_device(found.device, None)
                return found
