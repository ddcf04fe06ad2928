"""Endpointing: from the detector's frames to "speech began, paused, went on, ended".

Time advances by audio alone (samples at 16 kHz), never by a clock, so a recording gives the same turns at any
speed. Speech begins once `min_speech_ms` of frames in a short window are voiced, and is back-dated to the
first of them; it pauses at once, and ends after `end_silence_ms` without voice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SAMPLES_PER_MS = 16


@dataclass(frozen=True)
class EndpointEvent:
    """`offset`: sample of the stream at which it happened (not at which it became known)."""

    kind: Literal["started", "paused", "resumed", "ended"]
    offset: int


class Endpointer:
    """Feeds on (offset, samples, probability) of each frame, in order."""

    def __init__(
        self, *, threshold: float, min_speech_ms: int, end_silence_ms: int, pause_ms: int = 96
    ) -> None:
        """`threshold`: probability from which a frame is voiced. Once speech runs, frames above two thirds of
        it keep it going: words end softly."""
        self._threshold = threshold
        self._min_speech = min_speech_ms * SAMPLES_PER_MS
        self._end_silence = end_silence_ms * SAMPLES_PER_MS
        self._pause = pause_ms * SAMPLES_PER_MS
        self._onset: int | None = None
        self._voiced = 0
        self._speech = False
        self._last_voice_end = 0
        self._is_paused = False

    @property
    def speech(self) -> bool:
        """True between `started` and `ended`."""
        return self._speech

    def process(self, offset: int, samples: int, probability: float) -> list[EndpointEvent]:
        """One frame; returns what it made known."""
        end = offset + samples
        if not self._speech:
            return self._before_speech(offset, end, probability)
        if probability >= self._threshold * 2 / 3:
            self._last_voice_end = end
            if self._is_paused:
                self._is_paused = False
                return [EndpointEvent("resumed", offset)]
            return []
        return self._in_silence(end)

    def reset(self) -> None:
        """Forgets everything: the stream was interrupted."""
        self._onset = None
        self._voiced = 0
        self._speech = False
        self._is_paused = False

    def _before_speech(self, offset: int, end: int, probability: float) -> list[EndpointEvent]:
        if probability < self._threshold:
            if self._onset is not None and offset - self._last_voice_end >= self._pause:
                self._onset, self._voiced = None, 0
            return []
        if self._onset is None:
            self._onset = offset
        self._voiced += end - offset
        self._last_voice_end = end
        if self._voiced < self._min_speech:
            return []
        onset, self._onset, self._voiced = self._onset, None, 0
        self._speech = True
        return [EndpointEvent("started", onset)]

    def _in_silence(self, end: int) -> list[EndpointEvent]:
        silence = end - self._last_voice_end
        if silence >= self._end_silence:
            self._speech = False
            self._is_paused = False
            return [EndpointEvent("ended", self._last_voice_end)]
        if not self._is_paused and silence >= self._pause:
            self._is_paused = True
            return [EndpointEvent("paused", self._last_voice_end)]
        return []
