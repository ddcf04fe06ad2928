"""When which characters are heard and which shape the mouth has: eSpeak's events as marks.

eSpeak says at which sample a word of the text begins and at which a phoneme. A word's characters, with the
spaces and punctuation up to the next word, are spread evenly over its phonemes; a phoneme's time is shared
evenly by its mouth shapes. Where eSpeak's positions go back or leave the text they are held in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from engine.messages import Mark
from engine.tts.espeak_library import Event
from engine.tts.visemes import visemes


def speech_end(events: Sequence[Event]) -> int:
    """Sample at which the last sound ends; 0 without any sound."""
    end = 0
    for event in reversed(events):
        if event.sounds:
            return end
        if event.kind == "phoneme":
            end = event.sample
    return 0


def marks(events: Sequence[Event], characters: int, samples: int) -> list[Mark]:
    """Marks of a span of `characters` code points and `samples`, both counted from its start; non-decreasing,
    the last one at both ends."""
    end = _Word(characters, [Event("phoneme", samples)])
    found = [
        mark
        for word, after in pairwise([*_words(events), end])
        for mark in _of_word(word, after.position, after.phonemes[0].sample)
    ]
    return _ordered([*found, Mark(characters, samples, "closed")], characters, samples)


class _Word(msgspec.Struct):
    """A word and its phonemes."""

    position: int
    phonemes: list[Event]


def _words(events: Sequence[Event]) -> list[_Word]:
    """The words that have a phoneme; what sounds before the first word belongs to it."""
    words = [_Word(0, [])]
    for event in events:
        if event.kind == "phoneme":
            words[-1].phonemes.append(event)
        elif words[-1].phonemes:
            words.append(_Word(event.position, []))
        else:
            words[-1] = _Word(event.position, [])
    return [word for word in words if word.phonemes]


def _of_word(word: _Word, end: int, until: int) -> Iterator[Mark]:
    sounding = max(1, sum(phoneme.sounds for phoneme in word.phonemes))
    finishes = [*(phoneme.sample for phoneme in word.phonemes[1:]), until]
    heard = 0
    for phoneme, finish in zip(word.phonemes, finishes, strict=True):
        before = word.position + (end - word.position) * heard // sounding
        heard += phoneme.sounds
        after = word.position + (end - word.position) * heard // sounding
        shapes = visemes(phoneme.mnemonic)
        for share, shape in enumerate(shapes, 1):
            sample_end = phoneme.sample + (finish - phoneme.sample) * share // len(shapes)
            yield Mark(after if share == len(shapes) else before, sample_end, shape)


def _ordered(found: Iterable[Mark], characters: int, samples: int) -> list[Mark]:
    """Held within the span and never going back; neighbours alike but for their time are one."""
    kept: list[Mark] = []
    char_end = sample_end = 0
    for mark in found:
        later = min(max(mark.sample_end, sample_end), samples)
        further = min(max(mark.char_end, char_end), characters)
        if kept and (kept[-1].char_end, kept[-1].viseme) == (further, mark.viseme):
            kept[-1] = Mark(further, later, mark.viseme)
        elif later > sample_end or further > char_end:
            kept.append(Mark(further, later, mark.viseme))
        char_end, sample_end = further, later
    return kept
