"""The messages between the app and a worker that holds a sound device, and their bytes. Sans-I/O, and of the
standard library only: a worker shall be small and start at once.

    worker -> app   DEVICES  OPENED  FAILED  TOOK  HEARD
    app -> worker   SPEECH  MUTE

On the wire a message is a byte that names its kind, the length of its body (4 bytes, little-endian), the
body.
Moments are seconds of time.monotonic, which on Linux, Windows and macOS is one clock for all processes.
"""

from __future__ import annotations

import struct
from enum import IntEnum

LONGEST = 64 * 1024 * 1024
"""Most bytes of a body: more than ten minutes of speech at 48 kHz."""

_HEAD = struct.Struct("<BI")


class Kind(IntEnum):
    """What a message is, and what its body holds."""

    DEVICES = 1
    """JSON: a list of [name, channels of input, channels of output]."""
    OPENED = 2
    """JSON: [name of the device, hertz it runs at]. The exchange has begun."""
    FAILED = 3
    """UTF-8: why there is no device. The worker ends."""
    TOOK = 4
    """TOOK below: samples the device took of that generation, and when the first of them is heard. Comes with
    every block of the device, also with one of silence."""
    HEARD = 5
    """A block of the microphone: int16 mono at the rate in OPENED."""
    SPEECH = 6
    """GENERATION below, then int16 mono at the rate in OPENED. A new generation drops what is left of the one
    before."""
    MUTE = 7
    """One byte: 1, what is taken from now on is played as silence; 0, it is heard again."""


TOOK = struct.Struct("<IId")
GENERATION = struct.Struct("<I")


def pack(kind: Kind, *parts: bytes) -> bytes:
    """The bytes of one message."""
    body = b"".join(parts)
    return _HEAD.pack(kind, len(body)) + body


class Cutter:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[Kind, bytes]]:
        """Takes the next bytes; returns the messages they complete. Raises ValueError for bytes that are no
        message; the stream cannot be read on after that."""
        self._buffer += data
        messages: list[tuple[Kind, bytes]] = []
        start = 0
        while len(self._buffer) - start >= _HEAD.size:
            number, length = _HEAD.unpack_from(self._buffer, start)
            if length > LONGEST:
                raise ValueError(f"a message of {length} bytes")
            end = start + _HEAD.size + length
            if len(self._buffer) < end:
                break
            messages.append((Kind(number), bytes(self._buffer[start + _HEAD.size : end])))
            start = end
        del self._buffer[:start]
        return messages
