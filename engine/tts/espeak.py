"""eSpeak NG: the starter voice. Small, quick, everywhere, in English and Chinese, with six emotions."""

from __future__ import annotations

import bisect
import unicodedata
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from engine.conversation.language import language_of
from engine.errors import StageUnavailable
from engine.hosting.backend import Traits
from engine.messages import Mark
from engine.tts import SpeechChunk, SpeechRequest, SpeechSynthesizer
from engine.tts.visemes import viseme_of

if TYPE_CHECKING:
    from engine.tts.espeak_library import EspeakLibrary, Speech

RATE = 22050
CHUNK_SAMPLES = RATE // 10
LEAD_SAMPLES = RATE // 50
TAIL_SAMPLES = round(0.15 * RATE)
VOICES = {"en": "en-us+f2", "zh": "cmn+f2"}
WORDS_PER_MINUTE = {"en": 165, "zh": 180}
_SLOWEST, _FASTEST = 80, 450
_SILENT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk"})
_LOUD = 400
"""Samples beyond this are sound."""


class EspeakSynthesizer(SpeechSynthesizer):
    """Options: `rate` and `volume`, both multipliers."""

    traits = Traits(gpl=True, may_abort=True, languages=("en", "zh"), sample_rate=RATE)

    _library: EspeakLibrary | None = None

    def load(self) -> None:
        """Raises EnvironmentFault `espeak-missing`."""
        from engine.tts.espeak_library import EspeakLibrary

        self._library = EspeakLibrary()

    def run(self, request: SpeechRequest, feed: Iterator[bytes]) -> Generator[SpeechChunk]:
        """Chunks of 100 ms with the marks that end in them."""
        speech, start, end = self._speak(request)
        if end <= start:
            return
        from engine.tts.prosody import PROSODY, leveled

        prosody = PROSODY[request.emotion]
        samples = leveled(speech.samples[start:end], prosody.gain_db, RATE)
        volume = float(self.options.get("volume", 1.0))
        if volume != 1.0:
            samples = (samples * min(1.0, volume)).astype(samples.dtype)
        marks = marks_of(speech, request.text, start, end)
        position = 0
        for offset in range(0, len(samples), CHUNK_SAMPLES):
            chunk = samples[offset : offset + CHUNK_SAMPLES]
            known = position
            while known < len(marks) and marks[known].sample_end <= offset + len(chunk):
                known += 1
            yield SpeechChunk(chunk.tobytes(), tuple(marks[position:known]))
            position = known

    def close(self) -> None:
        self._library = None

    def _speak(self, request: SpeechRequest) -> tuple[Speech, int, int]:
        """The speech, and where its sound begins and ends (with a little silence at each side)."""
        if self._library is None:
            raise StageUnavailable("tts", "The voice is not loaded.")
        import numpy as np

        from engine.tts.espeak_library import Voice
        from engine.tts.prosody import PROSODY

        prosody = PROSODY[request.emotion]
        language = request.language or language_of(request.text)
        speed = WORDS_PER_MINUTE[language] * prosody.speed * float(self.options.get("rate", 1.0))
        voice = Voice(
            VOICES[language],
            max(_SLOWEST, min(_FASTEST, round(speed))),
            prosody.pitch,
            prosody.pitch_range,
        )
        speech = self._library.speak(speakable(request.text), voice)
        loud = np.flatnonzero(np.abs(speech.samples.astype(np.int32)) > _LOUD)
        if not loud.size or not speech.phonemes:
            return speech, 0, 0
        start = max(0, int(loud[0]) - LEAD_SAMPLES)
        return speech, start, min(len(speech.samples), int(loud[-1]) + TAIL_SAMPLES)


def speakable(text: str) -> str:
    """`text` with what has no sound (control characters, emoji, lone surrogates) as spaces: every character
    keeps its place."""
    return "".join(" " if unicodedata.category(character) in _SILENT else character for character in text)


def marks_of(speech: Speech, text: str, start: int, end: int) -> list[Mark]:
    """One mark for each speech sound between samples `start` and `end`, counted from `start`. The characters
    of a word are spread evenly over its time; what follows a word up to the next is heard with its end."""
    words = [word for word in speech.words if 0 <= word.start < len(text)]
    begins = [word.sample for word in words]
    marks: list[Mark] = []
    char_end = 0
    for index, phoneme in enumerate(speech.phonemes):
        last = index + 1 == len(speech.phonemes)
        until = end if last else min(speech.phonemes[index + 1].sample, end)
        spoken = bisect.bisect_left(begins, until) - 1
        if spoken >= 0:
            word = words[spoken]
            after = words[spoken + 1] if spoken + 1 < len(words) else None
            word_end = after.sample if after else end
            if until >= word_end:
                heard = after.start if after else len(text)
            else:
                heard = word.start + word.length * (until - word.sample) // (word_end - word.sample)
            char_end = max(char_end, heard)
        marks.append(Mark(char_end, max(0, until - start), viseme_of(phoneme.name)))
    marks[-1] = Mark(len(text), end - start, marks[-1].viseme)
    return marks
