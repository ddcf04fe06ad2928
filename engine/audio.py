"""PCM as the engine passes it around: mono, 16 bit, little-endian. Resampling, re-blocking, levels."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import numpy as np
import soxr
from numpy.typing import NDArray

SILENT_DBFS = -120.0
"""What the level helpers say of digital silence."""


class Resampler:
    """Changes the rate of a stream of int16 PCM (soxr, high quality). A block may come out later than it
    went in; `flush` gives what is left. Equal rates pass through unchanged."""

    def __init__(self, rate_in: int, rate_out: int) -> None:
        """Rates in hertz."""
        # float32 inside: soxr dithers int16, which would make the same input give different output.
        self._stream = None if rate_in == rate_out else soxr.ResampleStream(rate_in, rate_out, 1, "float32")
        self._odd = b""

    def process(self, pcm: bytes) -> bytes:
        """The samples that are ready; an odd last byte waits for the next block."""
        pcm = self._odd + pcm
        whole = len(pcm) // 2 * 2
        self._odd = pcm[whole:]
        return self._pass(pcm[:whole], last=False)

    def flush(self) -> bytes:
        """The rest of the stream; the resampler is used up. Half a sample left over is dropped."""
        return self._pass(b"", last=True)

    def _pass(self, pcm: bytes, *, last: bool) -> bytes:
        if self._stream is None:
            return pcm
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / 32768.0
        return to_pcm(self._stream.resample_chunk(samples, last=last))


def to_pcm(samples: NDArray[np.floating]) -> bytes:
    """int16 PCM of float samples of any shape, -1..1; what is beyond is clipped, NaN is silence."""
    scaled = np.nan_to_num(samples * 32768.0, nan=0.0, posinf=32767.0, neginf=-32768.0)
    return np.clip(np.rint(scaled), -32768, 32767).astype("<i2").tobytes()


def from_pcm(pcm: bytes) -> NDArray[np.float32]:
    """Float samples (n,), -1..1, of int16 PCM; half a sample at the end is dropped."""
    return np.frombuffer(pcm, "<i2", count=len(pcm) // 2).astype(np.float32) / 32768.0


def reblock(feed: Iterable[bytes], samples: int) -> Generator[bytes]:
    """int16 blocks of any length, even odd, as blocks of exactly `samples`; a shorter rest is dropped."""
    size = 2 * samples
    held = bytearray()
    for block in feed:
        held += block
        end = len(held) // size * size
        for start in range(0, end, size):
            yield bytes(held[start : start + size])
        del held[:end]


def rms_dbfs(pcm: bytes) -> float:
    """Root mean square level in dB below full scale: a full-scale square wave is 0, silence SILENT_DBFS."""
    samples = from_pcm(pcm)
    return _decibels(float(np.sqrt(np.mean(np.square(samples)))) if samples.size else 0.0)


def peak_dbfs(pcm: bytes) -> float:
    """Level of the largest sample in dB below full scale; silence is SILENT_DBFS."""
    samples = from_pcm(pcm)
    return _decibels(float(np.max(np.abs(samples))) if samples.size else 0.0)


def _decibels(amplitude: float) -> float:
    return max(SILENT_DBFS, 20.0 * float(np.log10(amplitude))) if amplitude > 0 else SILENT_DBFS
