"""Voice detection for tests and demos: loud is speech."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from engine.audio import reblock, rms_dbfs
from engine.hosting.backend import Traits
from engine.hosting.misbehave import Misbehaviour
from engine.hosting.pacing import paced
from engine.vad import SAMPLE_RATE, VadFrame, VadRequest, VoiceDetector

FRAME_SAMPLES = 512
"""32 ms at 16 kHz, as Silero has it."""

THRESHOLD_DBFS = -40.0
"""Level from which a frame counts as speech."""


class ScriptedDetector(VoiceDetector):
    """Probability 1 for a frame at or above THRESHOLD_DBFS, 0 for a quieter one; a shorter rest is dropped.

    Options: `first_ms`, `gap_ms` (see engine.hosting.pacing), `misbehave...` (see engine.hosting.misbehave).
    """

    traits = Traits(sample_rate=SAMPLE_RATE)

    def run(self, request: VadRequest, feed: Iterator[bytes]) -> Generator[VadFrame]:
        yield from Misbehaviour(self.options).apply(paced(_frames(feed), self.options))


def _frames(feed: Iterator[bytes]) -> Generator[VadFrame]:
    for number, frame in enumerate(reblock(feed, FRAME_SAMPLES)):
        yield VadFrame(number * FRAME_SAMPLES, FRAME_SAMPLES, float(rms_dbfs(frame) >= THRESHOLD_DBFS))
