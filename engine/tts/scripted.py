"""Speech synthesis for tests and demos: a tone whose pitch tells the emotion, so much of it a character."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import numpy as np

from engine.audio import to_pcm
from engine.hosting.backend import Traits
from engine.hosting.misbehave import Misbehaviour
from engine.hosting.pacing import paced
from engine.messages import Emotion, Mark
from engine.tts import SpeechChunk, SpeechRequest, SpeechSynthesizer

RATE = 24000
MS_PER_CHAR = 60

TONES: dict[Emotion, float] = {
    "calm": 220.0,
    "sad": 160.0,
    "angry": 280.0,
    "happy": 350.0,
    "coquettish": 440.0,
    "surprised": 550.0,
}
"""Hertz."""

_AMPLITUDE = 0.1414
"""A sine of this amplitude has -20 dBFS RMS."""


class ScriptedSynthesizer(SpeechSynthesizer):
    """One chunk and one mark for each code point of the text; a text without a letter or digit has no sound.

    Options: `ms_per_char` (default 60), `first_ms`, `gap_ms` (see engine.hosting.pacing), `misbehave...`
    (see engine.hosting.misbehave).
    """

    traits = Traits(sample_rate=RATE)

    def run(self, request: SpeechRequest, feed: Iterator[bytes]) -> Generator[SpeechChunk]:
        yield from Misbehaviour(self.options).apply(paced(self._chunks(request), self.options))

    def _chunks(self, request: SpeechRequest) -> Generator[SpeechChunk]:
        if not any(character.isalnum() for character in request.text):
            return
        samples = round(float(self.options.get("ms_per_char", MS_PER_CHAR)) * RATE / 1000)
        angle = 2 * np.pi * TONES[request.emotion] / RATE
        for index, character in enumerate(request.text):
            start, end = index * samples, (index + 1) * samples
            tone = _AMPLITUDE * np.sin(angle * np.arange(start, end))
            mark = Mark(index + 1, end, "a" if character.isalnum() else "closed")
            yield SpeechChunk(to_pcm(tone), (mark,))
