"""Main of a worker: one process that does one thing with the sound card, until it is killed.

    python -m app.devices.worker list                 tells the devices that are plugged in now, and ends
    python -m app.devices.worker play RATE DEVICE     plays what comes by stdin
    python -m app.devices.worker listen RATE DEVICE   tells what the microphone hears

Theory of operation. PortAudio, and the drivers below it, may hang, spin for ever or crash when a device goes
away (through ALSA they do when a sound server dies). So they live in a process that owns nothing worth
keeping: its parent kills it when it is silent, and also when it is done with it. Nothing is ever closed here.

PortAudio lists devices once, when it is initialised; as every worker is new, every list is fresh. DEVICE is a
name, because numbers change with every plug; when it is empty, or not there, the default device is taken.
A device that refuses RATE is opened at its own rate, and the parent resamples.

Playing is driven by PortAudio's callback, because only that says when a sample will be heard. Listening reads
in blocking mode: then a lost device raises at once instead of never calling back.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from app.devices.wire import GENERATION, TOOK, Cutter, Kind, pack

BLOCK_S = 0.02
_READ_SIZE = 64 * 1024


class Speech:
    """What waits to be taken by the sound card. Filled on one thread, emptied on another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = 0
        self._pcm = bytearray()
        self.muted = False
        """What is taken makes no sound."""

    def put(self, generation: int, pcm: bytes) -> None:
        """Adds samples; a new generation drops what is left of the one before."""
        with self._lock:
            if generation != self._generation:
                self._generation = generation
                self._pcm.clear()
            self._pcm += pcm

    def take(self, frames: int) -> tuple[int, bytes]:
        """The generation, and up to `frames` samples of it; silence in their place while muted."""
        with self._lock:
            pcm = bytes(self._pcm[: 2 * frames])
            del self._pcm[: 2 * frames]
            return self._generation, bytes(len(pcm)) if self.muted else pcm


def devices(library: Any) -> list[dict[str, Any]]:
    """What PortAudio says of each device."""
    return [library.get_device_info_by_index(index) for index in range(library.get_device_count())]


def candidates(library: Any, direction: str, name: str) -> list[dict[str, Any]]:
    """The devices to try, best first; `direction` is input or output. Raises OSError where there are none."""
    channels = "maxInputChannels" if direction == "input" else "maxOutputChannels"
    named = [info for info in devices(library) if name and info["name"] == name and info[channels]]
    try:
        default = getattr(library, f"get_default_{direction}_device_info")()
    except OSError:
        if not named:
            raise
        return named
    return [*named, default]


def open_stream(
    library: Any, direction: str, name: str, rate: int, **more: Any
) -> tuple[Any, dict[str, Any], int]:
    """A running stream, its device, and its rate in hertz. Raises OSError where none can be had."""
    trouble = OSError("no device")
    for info in candidates(library, direction, name):
        for attempt in (rate, int(info["defaultSampleRate"])):
            try:
                stream = library.open(
                    rate=attempt,
                    channels=1,
                    format=8,  # paInt16
                    frames_per_buffer=round(attempt * BLOCK_S),
                    **{direction: True, f"{direction}_device_index": int(info["index"])},
                    **more,
                )
            except OSError as error:
                trouble = error
            else:
                return stream, info, attempt
    raise trouble


def play(library: Any, tell: Callable[[bytes], None], speech: Speech, rate: int, name: str) -> None:
    """Plays `speech` for ever. Raises OSError where there is no device."""
    latency_s = 0.0
    begun = threading.Event()

    def fill(_pcm: None, frames: int, times: Mapping[str, float], _status: int) -> tuple[bytes, int]:
        # Some drivers say nothing of the way to the ear; the stream's own estimate is better then.
        delay_s = max(times["output_buffer_dac_time"] - times["current_time"], latency_s)
        heard_at = time.monotonic() + delay_s
        begun.set()
        generation, pcm = speech.take(frames)
        tell(pack(Kind.TOOK, TOOK.pack(generation, len(pcm) // 2, heard_at)))
        return pcm.ljust(2 * frames, b"\0"), 0  # paContinue

    stream, info, rate = open_stream(library, "output", name, rate, stream_callback=fill)
    latency_s = float(stream.get_output_latency())
    begun.wait()  # a device that never asks for sound is none
    tell(_opened(info, rate))
    threading.Event().wait()


def listen(library: Any, tell: Callable[[bytes], None], rate: int, name: str) -> None:
    """Tells what is heard, for ever. Raises OSError where there is no device, and when it is lost."""
    stream, info, rate = open_stream(library, "input", name, rate)
    heard = stream.read(round(rate * BLOCK_S), exception_on_overflow=False)
    tell(_opened(info, rate))  # a device that gives no sound is none
    while True:
        tell(pack(Kind.HEARD, heard))
        heard = stream.read(round(rate * BLOCK_S), exception_on_overflow=False)


def _opened(info: Mapping[str, Any], rate: int) -> bytes:
    return pack(Kind.OPENED, json.dumps([info["name"], rate]).encode())


def _read(speech: Speech) -> None:
    """Reads what the parent sends. When that ends the parent is gone, and so is this process, at once."""
    cutter = Cutter()
    while data := os.read(0, _READ_SIZE):
        for kind, body in cutter.feed(data):
            if kind == Kind.MUTE:
                speech.muted = body == b"\1"
            else:
                speech.put(GENERATION.unpack_from(body)[0], body[GENERATION.size :])
    os._exit(0)


def _outlet() -> Callable[[bytes], None]:
    """What writes to the parent, moved off descriptor 1: native code may print there."""
    descriptor = os.dup(1)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(descriptor, os.O_BINARY)

    def tell(message: bytes) -> None:
        while message:
            message = message[os.write(descriptor, message) :]

    return tell


def main(arguments: list[str]) -> None:
    # Ctrl+C reaches every process of the console; whether this one ends is its parent's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell, speech = _outlet(), Speech()
    threading.Thread(target=_read, args=(speech,), name="parent", daemon=True).start()
    try:
        import pyaudio

        library = pyaudio.PyAudio()
        match arguments:
            case ["play", rate, name]:
                play(library, tell, speech, int(rate), name)
            case ["listen", rate, name]:
                listen(library, tell, int(rate), name)
            case _:
                found = [[d["name"], d["maxInputChannels"], d["maxOutputChannels"]] for d in devices(library)]
                tell(pack(Kind.DEVICES, json.dumps(found).encode()))
    except (ImportError, OSError) as error:
        tell(pack(Kind.FAILED, (getattr(error, "strerror", "") or str(error)).encode()))
    os._exit(0)  # closing native streams may hang, and the system takes them back anyway


if __name__ == "__main__":
    main(sys.argv[1:])
