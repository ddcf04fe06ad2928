"""Speech synthesis with eSpeak NG: English and Mandarin on any machine, six emotions by prosody.

text ─► spans (one language each) ─► eSpeak, with the emotion's prosody ─► gain, fades ─► chunks + marks
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.audio import to_pcm
from engine.conversation.language import Language
from engine.errors import StageUnavailable
from engine.hosting.backend import Traits
from engine.messages import Emotion, Mark
from engine.tts import SpeechChunk, SpeechRequest, SpeechSynthesizer
from engine.tts.espeak_library import SAMPLE_RATE, Espeak, Event
from engine.tts.loudness import amplified, faded
from engine.tts.prosody import prosody
from engine.tts.spans import Span, spans
from engine.tts.timing import marks, speech_end

CHUNK = SAMPLE_RATE // 10
TAIL = SAMPLE_RATE * 150 // 1000
"""Samples of silence after the last word."""

_FADE = SAMPLE_RATE * 5 // 1000
_VOICES: dict[Language, Path] = {
    "en": Path(__file__).with_name("rio.en.voice"),
    "zh": Path(__file__).with_name("rio.zh.voice"),
}


class EspeakSynthesizer(SpeechSynthesizer):
    """Each stretch of a text is spoken in the language of its script. The same request gives the same audio.

    Options: `rate` and `volume`, multipliers of speed and amplitude (default 1).
    """

    traits = Traits(gpl=True, may_abort=True, sample_rate=SAMPLE_RATE, languages=("en", "zh"))

    _espeak: Espeak | None = None

    def load(self) -> None:
        """Raises EnvironmentFault `voice-missing` when eSpeak NG or its data are not there."""
        self._rate = float(self.options.get("rate", 1.0))
        volume = float(self.options.get("volume", 1.0))
        self._volume_db = 20 * math.log10(volume) if volume > 0 else -math.inf
        self._espeak = Espeak()

    def run(self, request: SpeechRequest, feed: Iterator[bytes]) -> Generator[SpeechChunk]:
        if self._espeak is None:
            raise StageUnavailable("tts", "The voice is not loaded.")
        start = 0
        pieces = spans(request.text, request.language)
        for piece in pieces:
            samples, events = self._spoken(self._espeak, piece, request.emotion, last=piece is pieces[-1])
            moved = [
                Mark(piece.start + mark.char_end, start + mark.sample_end, mark.viseme)
                for mark in marks(events, len(piece.text), samples.size)
            ]
            yield from _chunks(samples, moved, start)
            start += samples.size
        if start:
            yield from _chunks(np.zeros(TAIL), [Mark(len(request.text), start + TAIL, "closed")], start)

    def close(self) -> None:
        self._espeak = None

    def _spoken(
        self, espeak: Espeak, piece: Span, emotion: Emotion, *, last: bool
    ) -> tuple[NDArray[np.float64], list[Event]]:
        """Samples (n,), -1..1, and eSpeak's events. A pause after the piece is kept only where punctuation
        asks for it and the text goes on."""
        how = prosody(emotion, piece.language, self._rate)
        pausing = piece.pauses and not last
        # A comma after a piece that goes on in the other language: its melody must not fall as if at an end.
        text = piece.text if last or pausing else piece.text + ","
        samples, events = espeak.speak(
            text,
            _VOICES[piece.language],
            rate=how.rate,
            pitch=how.pitch,
            pitch_range=how.pitch_range,
            end_pause=pausing,
        )
        if not pausing:
            samples = samples[: speech_end(events) + 2 * _FADE]
        return faded(amplified(samples / 32768.0, how.gain_db + self._volume_db), _FADE), events


def _chunks(samples: NDArray[np.float64], timing: list[Mark], start: int) -> Iterator[SpeechChunk]:
    """Chunks of 100 ms, each with the marks that end in it. `start` is where the first sample lies."""
    waiting = deque(timing)
    for first in range(0, samples.size, CHUNK):
        block = samples[first : first + CHUNK]
        end = start + first + block.size
        due: list[Mark] = []
        while waiting and waiting[0].sample_end <= end:
            due.append(waiting.popleft())
        yield SpeechChunk(to_pcm(block), tuple(due))
