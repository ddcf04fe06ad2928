"""The terminal's speaker: plays speech and reports what was really played.

Two kinds behind the same three methods. `SilentSpeaker` plays to nobody at a speed of one's choice (`--mute`,
no sound device, recordings); `DeviceSpeaker` plays through PortAudio. The engine itself knows no device.
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from engine.errors import EnvironmentFault
from engine.messages import Playback, SpeechAudio

REPORT_S = 0.05
Report = Callable[[Playback], Awaitable[None]]


class Speaker(ABC):
    """Plays one stream at a time."""

    def __init__(self, rate: int, report: Report) -> None:
        """`rate` in hertz; `report` sends a play-out report to the engine."""
        self.rate = rate
        self._report = report

    @abstractmethod
    def play(self, block: SpeechAudio) -> None:
        """Queues a block; one of a new stream ends the old."""

    @abstractmethod
    async def flush(self, stream: int) -> None:
        """Falls silent at once and reports what had been played."""

    @abstractmethod
    async def run(self) -> None:
        """Plays and reports until cancelled."""


class SilentSpeaker(Speaker):
    """Lets the time pass that playing would take."""

    def __init__(
        self,
        rate: int,
        report: Report,
        *,
        fast: bool = False,
        heard: Callable[[bytes], None] = lambda pcm: None,
    ) -> None:
        """`fast`: no time passes. `heard` gets every block when it has been played."""
        super().__init__(rate, report)
        self._fast = fast
        self._heard = heard
        self._blocks: deque[SpeechAudio] = deque()
        self._filled = asyncio.Event()
        self._stream = 0
        self._played = 0

    def play(self, block: SpeechAudio) -> None:
        self._blocks.append(block)
        self._filled.set()

    async def flush(self, stream: int) -> None:
        self._blocks.clear()
        played = self._played if stream == self._stream else 0
        self._stream = 0
        await self._report(Playback(stream=stream, played=played, state="flushed"))

    async def run(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._blocks:
                await self._pass(self._blocks.popleft())

    async def _pass(self, block: SpeechAudio) -> None:
        if block.stream != self._stream:
            self._stream, self._played = block.stream, 0
        if not self._fast:
            await asyncio.sleep(len(block.pcm) / 2 / self.rate)
        if block.stream != self._stream:
            return  # flushed meanwhile
        self._played += len(block.pcm) // 2
        self._heard(block.pcm)
        state = "done" if block.last else "progress"
        await self._report(Playback(stream=block.stream, played=self._played, state=state))


class DeviceSpeaker(Speaker):
    """Plays through the default sound device."""

    def __init__(self, rate: int, report: Report) -> None:
        """Raises EnvironmentFault `no-sound-device`."""
        super().__init__(rate, report)
        self._lock = threading.Lock()
        self._queued = bytearray()
        self._stream = 0
        self._taken = 0
        self._latency_s = 0.0
        try:
            import sounddevice
        except (ImportError, OSError) as error:  # OSError: PortAudio itself is not installed
            raise _no_device(error) from error
        try:
            self._output = sounddevice.RawOutputStream(
                samplerate=rate, channels=1, dtype="int16", callback=self._fill
            )
            self._output.start()
            latency: Any = self._output.latency
            self._latency_s = float(latency)
        except sounddevice.PortAudioError as error:
            raise _no_device(error) from error

    def play(self, block: SpeechAudio) -> None:
        with self._lock:
            if block.stream != self._stream:
                self._stream, self._taken = block.stream, 0
                self._queued.clear()
            self._queued += block.pcm

    async def flush(self, stream: int) -> None:
        with self._lock:
            self._queued.clear()
            played = self._played() if stream == self._stream else 0
            self._stream = 0
        await self._report(Playback(stream=stream, played=played, state="flushed"))

    async def run(self) -> None:
        try:
            while True:
                await asyncio.sleep(REPORT_S)
                with self._lock:
                    stream, played = self._stream, self._played()
                if stream:
                    await self._report(Playback(stream=stream, played=played))
        finally:
            self.close()

    def close(self) -> None:
        """Gives the device back."""
        self._output.close()

    def _played(self) -> int:
        """Samples taken by the device minus those still on their way to the ear."""
        if not self._queued:
            return self._taken
        return max(0, self._taken - round(self._latency_s * self.rate))

    def _fill(self, out: Any, frames: int, time: Any, status: Any) -> None:
        """Called by PortAudio on its own thread."""
        wanted = 2 * frames
        with self._lock:
            pcm = bytes(self._queued[:wanted])
            del self._queued[:wanted]
            self._taken += len(pcm) // 2
        out[:] = pcm.ljust(wanted, b"\0")


def _no_device(error: Exception) -> EnvironmentFault:
    return EnvironmentFault("no-sound-device", f"There is no sound device to play on ({error}).")
