"""The microphone: open only while someone talks, or while hands-free listening is visibly on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.devices.portaudio import PortAudio, Stream
from engine.audio import SILENT_DBFS, Resampler, rms_dbfs
from engine.errors import EnvironmentFault
from engine.messages import MicrophoneAudio

RATE = 16000
"""Hertz of what is sent."""
LONGEST_LINE = 100
"""Blocks (of 20 ms) that wait to be sent; more are lost, oldest first, and that is said."""
WATCH_S = 0.5

Send = Callable[[MicrophoneAudio], Awaitable[None]]
OnFault = Callable[[EnvironmentFault], None]


class Microphone:
    """One utterance, or one stretch of hands-free listening, at a time. One event loop."""

    def __init__(self, audio: PortAudio, send: Send, on_fault: OnFault) -> None:
        """`send` gets the audio. `on_fault` is told when the device was lost while it was open."""
        self._audio = audio
        self._send = send
        self._on_fault = on_fault
        self._chosen = ""
        self._input: Stream | None = None
        self._sending: asyncio.Task[None] | None = None
        self.level_dbfs = SILENT_DBFS
        """RMS of the latest block."""

    @property
    def is_open(self) -> bool:
        """True while the device is in use."""
        return self._input is not None

    def use(self, device: str) -> None:
        """Listens to the device of that name from the next `open` on; empty: to the system's default one."""
        self._chosen = device

    async def open(self, stream: int) -> None:
        """Begins to send, as audio stream `stream`. Raises EnvironmentFault `no-microphone`."""
        assert self._input is None, "the microphone is open already"
        loop = asyncio.get_running_loop()
        blocks: asyncio.Queue[tuple[bytes, int] | None] = asyncio.Queue()

        def hear(pcm: bytes, rate: int) -> None:
            loop.call_soon_threadsafe(blocks.put_nowait, (pcm, rate))

        self._input = await self._audio.open_input(RATE, hear, self._chosen)
        self._end = lambda: blocks.put_nowait(None)
        self._sending = asyncio.create_task(self._pass_on(stream, blocks), name="microphone")

    async def close(self) -> None:
        """Gives the device back, and returns when everything heard was sent."""
        if self._input is None:
            return
        opened, self._input = self._input, None
        await self._audio.close_stream(opened)
        self._end()
        assert self._sending
        await self._sending
        self.level_dbfs = SILENT_DBFS

    async def _pass_on(self, stream: int, blocks: asyncio.Queue[tuple[bytes, int] | None]) -> None:
        resampler: Resampler | None = None
        while True:
            try:
                async with asyncio.timeout(WATCH_S):
                    block = await blocks.get()
            except TimeoutError:
                if self._input and not self._input.alive:
                    self._on_fault(EnvironmentFault("microphone-lost", "The microphone was unplugged."))
                continue
            if block is None:
                break
            pcm, rate = block
            lost = blocks.qsize() > LONGEST_LINE
            while blocks.qsize() > LONGEST_LINE and (block := blocks.get_nowait()):
                pcm = block[0]
            self.level_dbfs = rms_dbfs(pcm)
            resampler = resampler or Resampler(rate, RATE)
            sent = resampler.process(pcm)
            await self._send(MicrophoneAudio(stream=stream, pcm=sent, discontinuity=lost))
        if resampler and (rest := resampler.flush()):
            await self._send(MicrophoneAudio(stream=stream, pcm=rest))
