"""Microphone blocks as clients send them -> whole samples at the stages' rate."""

from __future__ import annotations

from engine.asr import SAMPLE_RATE
from engine.audio import Resampler


class MicrophoneInput:
    """One client's microphone: int16 mono at `rate` hertz, in blocks of any length, even odd ones."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._stream: int | None = None
        self._odd = b""
        self._resampler: Resampler | None = None

    def take(self, stream: int, pcm: bytes) -> bytes:
        """The block as whole 16 kHz samples. An odd last byte waits for the next block; a new stream number
        starts afresh."""
        if stream != self._stream:
            self._stream = stream
            self._odd = b""
            self._resampler = None if self._rate == SAMPLE_RATE else Resampler(self._rate, SAMPLE_RATE)
        pcm = self._odd + pcm
        whole = len(pcm) // 2 * 2
        self._odd = pcm[whole:]
        pcm = pcm[:whole]
        return self._resampler.process(pcm) if self._resampler else pcm
