"""WAV files: read as a stream of 16 kHz mono int16 blocks whatever they hold, and written as they grow.

Reading trusts nothing: every number of the header is checked before it is used, and a file of hours takes no
more memory than one of seconds. Format: "Multimedia Programming Interface and Data Specifications 1.0"
(RIFF, WAVE), Microsoft's WAVEFORMATEXTENSIBLE, and EBU Tech 3306 (RF64) for files beyond 4 GB.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.audio import Resampler, to_pcm
from engine.errors import EnvironmentFault, PeerFault

BLOCK_MS = 100
MAX_CHANNELS = 32
MIN_RATE, MAX_RATE = 1000, 768_000
"""Hertz accepted in a file."""

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_UNKNOWN_SIZES = (0, 0xFFFFFFFF)
"""Data sizes that recorders writing to a pipe, and RF64, leave in the header: data go to the file's end."""
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")


class WavFormat(msgspec.Struct, frozen=True):
    """What a WAV file holds."""

    rate: int
    """Hertz."""
    channels: int
    bits: int
    """Of one sample: 8, 16, 24, 32 or 64."""
    floating: bool
    start: int
    """Byte of the file at which the samples begin."""
    size: int
    """Bytes of samples, whole sample frames only."""

    @property
    def frame_bytes(self) -> int:
        return self.bits // 8 * self.channels

    @property
    def seconds(self) -> float:
        return self.size / (self.frame_bytes * self.rate)


def wav_format(path: Path) -> WavFormat:
    """Reads and checks the header.

    Raises PeerFault (`wav-invalid`, `wav-unsupported`, `wav-truncated`, `wav-empty`) with a sentence for the
    user, EnvironmentFault (`file-unreadable`) when the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return _parse(file, path.name)
    except OSError as error:
        raise _unreadable(path, error) from error


def read_wav(path: Path, rate: int = 16000, block_ms: int = BLOCK_MS) -> Generator[bytes]:
    """Streams a file as mono int16 PCM at `rate` hertz, in blocks of about `block_ms`.

    Channels are averaged. The header is checked, and its faults raised (see `wav_format`), at once; a file
    that shrinks while it is read raises PeerFault `wav-truncated` later.
    """
    return _blocks(path, wav_format(path), rate, block_ms)


def _blocks(path: Path, form: WavFormat, rate: int, block_ms: int) -> Generator[bytes]:
    resampler = Resampler(form.rate, rate)
    step = max(1, form.rate * block_ms // 1000) * form.frame_bytes
    try:
        with path.open("rb") as file:
            file.seek(form.start)
            for position in range(0, form.size, step):
                wanted = min(step, form.size - position)
                data = file.read(wanted)
                if len(data) < wanted:
                    raise _truncated(path.name)
                if block := resampler.process(to_pcm(_samples(data, form).mean(axis=1))):
                    yield block
    except OSError as error:
        raise _unreadable(path, error) from error
    if block := resampler.flush():
        yield block


def _samples(data: bytes, form: WavFormat) -> NDArray[np.floating]:
    """(frames, channels), -1..1. 8 bits are unsigned, all others signed, as the format has it."""
    if form.floating:
        values = np.clip(np.nan_to_num(np.frombuffer(data, f"<f{form.bits // 8}")), -1.0, 1.0)
    elif form.bits == 8:
        values = (np.frombuffer(data, np.uint8).astype(np.float32) - 128.0) / 128.0
    elif form.bits == 24:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = padded.view("<i4").astype(np.float64).ravel() / 2.0**31
    else:
        values = np.frombuffer(data, f"<i{form.bits // 8}").astype(np.float64) / 2.0 ** (form.bits - 1)
    return values.reshape(-1, form.channels)


def _parse(file: BinaryIO, name: str) -> WavFormat:
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    if length == 0:
        raise PeerFault("wav-empty", f"{name} is empty; it must be a WAV file with sound in it.")
    head = file.read(12)
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
        raise PeerFault("wav-invalid", f"{name} is not a WAV file; save it as WAV (PCM) and try again.")
    kind: tuple[int, int, int, int] | None = None
    while len(chunk := file.read(8)) == 8:
        tag, size = struct.unpack("<4sI", chunk)
        start = file.tell()
        if tag == b"fmt ":
            kind = _parse_kind(file.read(min(size, 40)), name)
        elif tag == b"data":
            return _parse_data(kind, start, size, length, name)
        file.seek(start + size + size % 2)
    raise _truncated(name)


def _parse_kind(fmt: bytes, name: str) -> tuple[int, int, int, int]:
    """(format tag, channels, rate, bits) of a `fmt ` chunk, checked."""
    if len(fmt) < 16:
        raise _truncated(name)
    tag, channels, rate, _, frame_bytes, bits = struct.unpack("<HHIIHH", fmt[:16])
    if tag == _EXTENSIBLE and len(fmt) >= 26:
        (tag,) = struct.unpack("<H", fmt[24:26])
    allowed = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64)}.get(tag, ())
    if bits not in allowed:
        raise PeerFault(
            "wav-unsupported",
            f"{name} holds {bits}-bit samples of format {tag}; it must be PCM of 8 to 32 bits or float.",
        )
    if not (1 <= channels <= MAX_CHANNELS and MIN_RATE <= rate <= MAX_RATE):
        raise PeerFault(
            "wav-unsupported",
            f"{name} has {channels} channels at {rate} Hz; it must have 1 to {MAX_CHANNELS} channels "
            f"at {MIN_RATE} to {MAX_RATE} Hz.",
        )
    if frame_bytes != channels * bits // 8:
        raise PeerFault(
            "wav-invalid", f"The header of {name} contradicts itself; save the file again as WAV."
        )
    return tag, channels, rate, bits


def _parse_data(
    kind: tuple[int, int, int, int] | None, start: int, size: int, length: int, name: str
) -> WavFormat:
    if kind is None:
        raise PeerFault("wav-invalid", f"{name} does not say what it holds; save it again as WAV (PCM).")
    tag, channels, rate, bits = kind
    there = length - start
    if size in _UNKNOWN_SIZES:
        size = there
    elif size > there:
        raise _truncated(name)
    size -= size % (channels * bits // 8)
    if size == 0:
        raise PeerFault("wav-empty", f"{name} holds no sound; it must hold at least one sample.")
    return WavFormat(rate, channels, bits, tag == _FLOAT, start, size)


def _truncated(name: str) -> PeerFault:
    return PeerFault(
        "wav-truncated", f"{name} ends too early; it must be a complete WAV file: copy it again."
    )


def _unreadable(path: Path, error: OSError) -> EnvironmentFault:
    return EnvironmentFault(
        "file-unreadable", f"{path} cannot be read ({error.strerror}); check its name and its permissions."
    )


class WavWriter:
    """Writes mono int16 PCM as it comes; the header's lengths are set when it is closed.

    Until then the header says "to the end of the file", so that a recording cut off by a crash still plays.
    Raises EnvironmentFault `file-unwritable` (disk full, no permission).
    """

    def __init__(self, path: Path, rate: int) -> None:
        """`rate` in hertz."""
        self._path = path
        self._rate = rate
        self._bytes = 0
        try:
            self._file = path.open("wb")
            self._file.write(self._header(0xFFFFFFFF))
        except OSError as error:
            raise self._fault(error) from error

    def write(self, pcm: bytes) -> None:
        """Appends samples."""
        try:
            self._file.write(pcm)
        except OSError as error:
            raise self._fault(error) from error
        self._bytes += len(pcm)

    def close(self) -> None:
        """Fixes the header and closes the file; closing twice does nothing."""
        if self._file.closed:
            return
        try:
            with self._file:
                self._file.seek(0)
                self._file.write(self._header(min(self._bytes, 0xFFFFFFFF - 36)))
        except OSError as error:
            raise self._fault(error) from error

    def __enter__(self) -> WavWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _header(self, size: int) -> bytes:
        riff = min(size + 36, 0xFFFFFFFF)
        rate = self._rate
        return _HEADER.pack(
            b"RIFF", riff, b"WAVE", b"fmt ", 16, _PCM, 1, rate, 2 * rate, 2, 16, b"data", size
        )

    def _fault(self, error: OSError) -> EnvironmentFault:
        return EnvironmentFault(
            "file-unwritable",
            f"{self._path} cannot be written ({error.strerror}); free some space or choose another folder.",
        )
