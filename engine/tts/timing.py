"""When which characters are heard and which shape the mouth has: eSpeak's events as marks.

eSpeak says at which sample a word of the text begins and at which a phoneme. A word's characters, with the
spaces and punctuation up to the next word, are spread evenly over its phonemes; a phoneme's time is shared
evenly by its mouth shapes. Where eSpeak's positions go back or leave the text they are held in place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from engine.messages import Mark
from engine.tts.espeak_library import Event
from engine.tts.visemes import visemes


class _Word(msgspec.Struct):
    """A word and its phonemes, each (sample it begins at, mnemonic)."""

    position: int
    phonemes: list[tuple[int, str]]


def marks(events: Sequence[Event], characters: int, samples: int) -> list[Mark]:
    """Marks of a span of `characters` code points and `samples`, both counted from its start; non-decreasing,
    the last one at both ends."""
    words = _words(events)
    found: list[Mark] = []
    ends = [*(word.position for word in words[1:]), characters]
    starts = [*(word.phonemes[0][0] for word in words[1:]), samples]
    for word, end, until in zip(words, ends, starts, strict=True):
        found.extend(_of_word(word, end, until))
    ordered = list(_ordered(found, characters, samples))
    if not ordered or ordered[-1].char_end < characters or ordered[-1].sample_end < samples:
        ordered.append(Mark(characters, samples, "closed"))
    return ordered


def _words(events: Sequence[Event]) -> list[_Word]:
    """Words that have a phoneme; what comes before the first word belongs to it."""
    words: list[_Word] = []
    for event in events:
        if event.kind == "word" and (not words or words[-1].phonemes):
            words.append(_Word(event.position, []))
        elif event.kind == "phoneme":
            if not words:
                words.append(_Word(0, []))
            words[-1].phonemes.append((event.sample, event.mnemonic))
    return [word for word in words if word.phonemes]


def _of_word(word: _Word, end: int, until: int) -> Iterator[Mark]:
    phonemes = word.phonemes
    sounding = sum(not name.startswith(("_", "(")) for _, name in phonemes)
    ends = [*(sample for sample, _ in phonemes[1:]), until]
    heard = 0
    for (begin, name), finish in zip(phonemes, ends, strict=True):
        heard += not name.startswith(("_", "("))
        char_end = word.position + (end - word.position) * heard // max(1, sounding)
        shapes = visemes(name)
        for index, shape in enumerate(shapes, 1):
            yield Mark(char_end, begin + (finish - begin) * index // len(shapes), shape)


def _ordered(found: Sequence[Mark], characters: int, samples: int) -> Iterator[Mark]:
    """Held within the span and never going back; marks that bring nothing new are left out."""
    char_end = sample_end = 0
    for mark in found:
        later = min(max(mark.sample_end, sample_end), samples)
        further = min(max(mark.char_end, char_end), characters)
        if later > sample_end or further > char_end:
            yield Mark(further, later, mark.viseme)
        char_end, sample_end = further, later
