"""Audio as streams of PCM: mono, 16 bit, little-endian."""

from __future__ import annotations

import numpy as np
import soxr


class Resampler:
    """Changes the rate of a stream of int16 mono blocks, without a seam between them."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        """Rates in hertz."""
        self._stream = None if from_rate == to_rate else soxr.ResampleStream(from_rate, to_rate, 1, dtype="int16")

    def process(self, pcm: bytes) -> bytes:
        """The next block (whole samples); what comes out may lag a few ms behind what went in."""
        return self._run(pcm, last=False)

    def flush(self) -> bytes:
        """What the stream still owes at its end; afterwards it is used up."""
        return self._run(b"", last=True)

    def _run(self, pcm: bytes, *, last: bool) -> bytes:
        if self._stream is None:
            return pcm
        return self._stream.resample_chunk(np.frombuffer(pcm, dtype="<i2"), last=last).tobytes()
