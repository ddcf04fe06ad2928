"""PortAudio: the devices of this machine, and streams to and from them.

Theory of operation. PortAudio lists devices once, when it is initialised, and its functions must not be
called from two threads. So every call here runs on one thread of its own, off the event loop (opening a
device may take a while), and the list is made anew by initialising again, which is possible only while no
stream is open.

A device that is unplugged raises nothing: its stream just stops asking for samples. `Stream.alive` tells.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, ParamSpec, TypeVar

from engine.errors import EnvironmentFault

P = ParamSpec("P")
T = TypeVar("T")

BLOCK_S = 0.02
SILENT_S = 1.0
"""A stream that has not asked for so long belongs to a device that is gone."""

log = logging.getLogger(__name__)

Direction = Literal["input", "output"]
Fill = Callable[[int, float], bytes]
"""Gives so many samples, the first of them heard at that moment of time.monotonic. On PortAudio's thread."""
Hear = Callable[[bytes, int], None]
"""Gets a block of samples and their rate in hertz. On PortAudio's thread."""


@dataclass(frozen=True)
class Device:
    """One sound device. Settings keep its name: numbers change with every plug."""

    name: str
    inputs: int
    outputs: int


class Stream:
    """An open stream. An output plays silence until it is given a `fill`."""

    def __init__(self, device: str, rate: int, hear: Hear | None) -> None:
        self.device = device
        self.rate = rate
        """Hertz the device runs at: the rate asked for, or its own."""
        self.fill: Fill = lambda frames, heard_at: bytes(2 * frames)
        self._hear = hear
        self._latency_s = 0.0
        self._asked_at = time.monotonic()

    @property
    def alive(self) -> bool:
        """False once the device has stopped asking."""
        return time.monotonic() - self._asked_at < SILENT_S

    def exchange(
        self, pcm: bytes | None, frames: int, times: Mapping[str, float], status: int
    ) -> tuple[bytes | None, int]:
        """PortAudio's callback; 0 is its `paContinue`."""
        self._asked_at = now = time.monotonic()
        if self._hear:
            self._hear(pcm or b"", self.rate)
            return None, 0
        # Some drivers say nothing of the way to the ear; the stream's own estimate is better then.
        delay_s = max(times["output_buffer_dac_time"] - times["current_time"], self._latency_s)
        return self.fill(frames, now + delay_s), 0

    def open(self, library: Any, direction: Direction, index: int | None) -> None:
        """Begins the exchange. Raises OSError where the device cannot do that."""
        import pyaudio

        self._handle = library.open(
            rate=self.rate,
            channels=1,
            format=pyaudio.paInt16,
            frames_per_buffer=round(self.rate * BLOCK_S),
            stream_callback=self.exchange,
            start=False,
            **{direction: True, f"{direction}_device_index": index},
        )
        if direction == "output":
            self._latency_s = float(self._handle.get_output_latency())
        self._handle.start_stream()

    def close(self) -> None:
        """Gives the device back."""
        self._handle.close()


class PortAudio:
    """Mono int16 streams, opened by the name of a device, or the system's default one for no name."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="portaudio")
        self._library: Any = None
        self._open: set[Stream] = set()

    async def devices(self) -> list[Device]:
        """What is plugged in now; while a stream is open, what was when PortAudio was opened."""
        return await self._call(self._devices)

    async def open_output(self, rate: int, device: str = "") -> Stream:
        """Raises EnvironmentFault `no-sound-device`."""
        return await self._call(self._open_stream, "output", rate, device, None)

    async def open_input(self, rate: int, hear: Hear, device: str = "") -> Stream:
        """Raises EnvironmentFault `no-microphone`."""
        return await self._call(self._open_stream, "input", rate, device, hear)

    async def close_stream(self, stream: Stream) -> None:
        """Gives the device back; PortAudio is initialised anew before the next one is opened."""
        await self._call(self._close_stream, stream)

    async def close(self) -> None:
        """Closes every stream, and PortAudio."""
        await self._call(self._close)
        self._thread.shutdown(wait=False)

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(function, *args, **kwargs))

    # ------------------------------------------------------------ on PortAudio's own thread

    def _initialised(self) -> Any:
        """PortAudio, with a fresh list of devices where that can be had."""
        try:
            import pyaudio
        except ImportError as error:
            raise _nothing("output", str(error)) from error
        if self._library and not self._open:
            self._library.terminate()
            self._library = None
        self._library = self._library or pyaudio.PyAudio()
        return self._library

    def _devices(self) -> list[Device]:
        return [
            Device(info["name"], int(info["maxInputChannels"]), int(info["maxOutputChannels"]))
            for info in _listed(self._initialised())
        ]

    def _open_stream(self, direction: Direction, rate: int, device: str, hear: Hear | None) -> Stream:
        library = self._initialised()
        try:
            info = _find(library, direction, device)
            own_rate = int(info["defaultSampleRate"])
        except OSError as error:
            raise _nothing(direction, str(error)) from error
        trouble = ""
        for attempt in (rate, own_rate):
            stream = Stream(info["name"], attempt, hear)
            try:
                stream.open(library, direction, int(info["index"]))
            except OSError as error:
                trouble = str(error)
                continue
            self._open.add(stream)
            return stream
        raise _nothing(direction, trouble)

    def _close_stream(self, stream: Stream) -> None:
        if stream in self._open:
            self._open.remove(stream)
            stream.close()

    def _close(self) -> None:
        for stream in tuple(self._open):
            self._close_stream(stream)
        if self._library:
            self._library.terminate()
            self._library = None


def _listed(library: Any) -> list[dict[str, Any]]:
    return [library.get_device_info_by_index(index) for index in range(library.get_device_count())]


def _find(library: Any, direction: Direction, name: str) -> dict[str, Any]:
    """The device of that name, or else the default one. Raises OSError where there is none at all."""
    channels = "maxInputChannels" if direction == "input" else "maxOutputChannels"
    for info in _listed(library):
        if name and info["name"] == name and info[channels]:
            return info
    if name:
        log.info("the %s device %r is not there; taking the default one", direction, name)
    if direction == "input":
        return library.get_default_input_device_info()
    return library.get_default_output_device_info()


def _nothing(direction: Direction, trouble: str) -> EnvironmentFault:
    if direction == "input":
        return EnvironmentFault("no-microphone", f"There is no microphone to listen with ({trouble}).")
    return EnvironmentFault("no-sound-device", f"There is no sound device to play on ({trouble}).")
