"""PocketSphinx with its stock US English model: the starter ear. Large vocabulary, no grammar, any CPU.

Three things make it usable on a single short utterance. First, cepstral mean normalisation: the model expects
the channel's mean, which it usually learns over minutes. Here the first second of speech is held back, its
mean is learned without a search, and only then decoding begins. Second, level: the speech held back also
tells how far a microphone is from the usual level, and everything is amplified by that much and laid into the
same quiet room that is put before and after it; a quiet microphone's pauses are otherwise digital silence,
which no model has heard. Third, doubt: the words of a hypothesis are believed only when their posteriors are
high on average and when there are enough of them for the time; Chinese speech, music and knocking otherwise
come out as confident nonsense.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from engine.asr import SAMPLE_RATE, AsrRequest, SpeechRecognizer, Transcript
from engine.audio import from_pcm, rms_dbfs, to_pcm
from engine.errors import EnvironmentFault, StageUnavailable
from engine.hosting.backend import Traits

if TYPE_CHECKING:
    from pocketsphinx import Decoder

MIN_CONFIDENCE = 0.53
"""Mean of the word posteriors from which words are believed (figures: docs/performance.md)."""
FRAMES_PER_WORD, FRAMES_PER_LETTER = 25, 12
"""Frames of 10 ms that a word may take: `if` stretched over a noise is no word."""
HOLD_SAMPLES = round(0.8 * SAMPLE_RATE)
HOLD_AT_MOST = 5 * SAMPLE_RATE
EDGE_SAMPLES = round(0.25 * SAMPLE_RATE)
"""A quiet room put before and after each utterance: the model expects silence around words, and a cut that
begins with the first sound costs it the first word."""
_ROOM_LEVEL = 8
"""RMS of that room, in steps of int16 (-72 dBFS)."""
_SPEECH_DBFS = -20.0
_MOST_GAIN_DB = 40.0
PARTIAL_SAMPLES = round(0.3 * SAMPLE_RATE)
_FRAME = 320
_LOUD_DB = 25.0
_CONTRAST_DB = 15.0
_FILLER = re.compile(r"^(<|\[|\+\+)")
_VARIANT = re.compile(r"\(\d+\)$")


class PocketSphinxRecognizer(SpeechRecognizer):
    """Option: `min_confidence` (0: MIN_CONFIDENCE)."""

    traits = Traits(holds_gil=True, languages=("en",), sample_rate=SAMPLE_RATE, copies=4)

    _decoder: Decoder | None = None

    def load(self) -> None:
        """Raises EnvironmentFault when the package or its model is missing."""
        try:
            from pocketsphinx import Decoder

            self._decoder = Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")
        except (ImportError, OSError, RuntimeError) as error:
            raise EnvironmentFault(
                "asr-missing", f"PocketSphinx cannot be loaded ({error}); install pocketsphinx again."
            ) from error

    def run(self, request: AsrRequest, feed: Iterator[bytes]) -> Generator[Transcript]:
        """A partial whenever the words have changed (at most every 300 ms), then the final."""
        decoder = self._decoder
        if decoder is None:
            raise StageUnavailable("asr", "The recogniser is not loaded.")
        held, feed_ended = _hold(feed)
        decoder.reinit_feat()  # its noise suppression remembers the utterance before
        room = _Room(_gain(held))
        held = room.around(held)
        _learn_mean(decoder, room, held)
        decoder.start_utt()
        try:
            said = ""
            since_partial = 0
            for pcm in _in_room(room, held, feed, feed_ended):
                decoder.process_raw(pcm, no_search=False, full_utt=False)
                since_partial += len(pcm) // 2
                if since_partial >= PARTIAL_SAMPLES:
                    since_partial = 0
                    if (words := _partial(decoder)) != said:
                        said = words
                        yield Transcript(text=said, final=False, language="en")
        finally:
            decoder.end_utt()
        yield self._final(decoder)

    def close(self) -> None:
        self._decoder = None

    def _final(self, decoder: Decoder) -> Transcript:
        if decoder.hyp() is None:
            return Transcript(text="", final=True, confidence=0.0, language="en")
        words: list[str] = []
        belief = 0.0
        frames = 0
        for segment in decoder.seg():
            if _FILLER.match(segment.word):
                continue
            words.append(_VARIANT.sub("", segment.word))
            belief += segment.prob
            frames += segment.end_frame - segment.start_frame + 1
        if not words:
            return Transcript(text="", final=True, confidence=0.0, language="en")
        confidence = min(1.0, belief / len(words))
        wanted = float(self.options.get("min_confidence", 0)) or MIN_CONFIDENCE
        longest = sum(FRAMES_PER_WORD + FRAMES_PER_LETTER * len(word) for word in words)
        understood = confidence >= wanted and frames <= longest
        return Transcript(
            text=_sentence(words), final=True, confidence=confidence, understood=understood, language="en"
        )


def _partial(decoder: Decoder) -> str:
    hypothesis = decoder.hyp()
    return _sentence(hypothesis.hypstr.split()) if hypothesis else ""


def _sentence(words: list[str]) -> str:
    """The model's words are lower-case; only `i` is known to be written otherwise."""
    return " ".join("I" + word[1:] if re.fullmatch(r"i('\w+)?", word) else word for word in words)


def _hold(feed: Iterator[bytes]) -> tuple[bytes, bool]:
    """The beginning of the utterance until it holds HOLD_SAMPLES of speech, and whether that was all."""
    held = bytearray()
    for pcm in feed:
        held += pcm
        if len(held) >= 2 * HOLD_AT_MOST or len(_speech_in(bytes(held))) >= 2 * HOLD_SAMPLES:
            return bytes(held), False
    return bytes(held), True


class _Room:
    """A quiet room to hear one utterance in: faint noise, the same every time."""

    def __init__(self, gain: float) -> None:
        import numpy as np

        self._gain = gain
        self._random = np.random.default_rng(0)

    def around(self, pcm: bytes) -> bytes:
        """`pcm` amplified, with the room's noise behind it."""
        samples = self._gain * from_pcm(pcm)
        return to_pcm(samples + self._random.normal(0, _ROOM_LEVEL / 32768, samples.size))

    def alone(self) -> bytes:
        return self.around(bytes(2 * EDGE_SAMPLES))


def _in_room(room: _Room, held: bytes, feed: Iterator[bytes], feed_ended: bool) -> Iterator[bytes]:
    """The whole utterance, of which `held` is in the room already, between two pieces of it."""
    yield room.alone()
    step = 2 * SAMPLE_RATE // 10
    for start in range(0, len(held), step):
        yield held[start : start + step]
    if not feed_ended:
        yield from map(room.around, feed)
    yield room.alone()


def _gain(held: bytes) -> float:
    """What brings the speech in `held` to _SPEECH_DBFS; 1 where none stands out."""
    speech = _speech_in(held)
    if not speech:
        return 1.0
    decibels = min(_MOST_GAIN_DB, max(-_MOST_GAIN_DB, _SPEECH_DBFS - rms_dbfs(speech)))
    return 10 ** (decibels / 20)


def _speech_in(pcm: bytes) -> bytes:
    """The loud frames of `pcm`; none where nothing stands out from the rest and from the quiet room."""
    import numpy as np

    samples = from_pcm(pcm)
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return b""
    # Heard in the room: between the digital silence of a microphone that opens and the noise of one that is
    # open lie 20 dB, and none of it is speech.
    level = 10 * np.log10((frames**2).mean(axis=1) + (_ROOM_LEVEL / 32768) ** 2)
    if level.max() - level.min() < _CONTRAST_DB:
        return b""
    return to_pcm(frames[level > level.max() - _LOUD_DB].ravel())


def _learn_mean(decoder: Decoder, room: _Room, held: bytes) -> None:
    """Sets the normalisation to the mean of the speech in `held` (of all of it, where none stands out), after
    a piece of the room: the noise suppression takes for noise what it hears first."""
    speech = _speech_in(held) or held
    if len(speech) < 2 * _FRAME:
        return
    decoder.start_utt()
    decoder.process_raw(room.alone() + speech, no_search=True, full_utt=True)
    decoder.end_utt()
    decoder.set_cmn(decoder.get_cmn(False))
