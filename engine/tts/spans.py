"""Any text as a sequence of spans that one voice can speak.

Nothing moves: a character that no voice of ours can speak (emoji, markup, control characters, other scripts)
becomes one space, so that a position in a span is a position in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from engine.conversation.language import Language

LONGEST = 160
"""Code points of a span at most: what is spoken at once, so that a cancel never waits long."""

_SPOKEN_SIGNS = frozenset("%&+=$€£¥°@'’-")
_DIGITS = frozenset("0123456789")
_PAUSES = frozenset(".,;:!?…—。、")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


class Span(msgspec.Struct, frozen=True):
    """A piece of the text in one language."""

    start: int
    """Code points of the text before it."""
    text: str
    language: Language

    @property
    def pauses(self) -> bool:
        """True when it ends with a punctuation mark at which a speaker pauses."""
        return self.text.rstrip()[-1:] in _PAUSES


def spans(text: str, language: str = "") -> list[Span]:
    """Cuts a text where its script changes and where it gets too long, without losing a character. Signs and
    digits belong to the letters before them; without any, `language` (or else English) has them. A text
    without a letter or digit has no span."""
    cleaned = "".join(map(_audible, text))
    if not any(character.isalnum() for character in cleaned):
        return []
    found: list[Span] = []
    for start, end, spoken in _runs(cleaned, "zh" if language == "zh" else "en"):
        position = start
        for piece in _pieces(cleaned[start:end]):
            found.append(Span(position, piece, spoken))
            position += len(piece)
    return found


def _audible(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)  # full-width forms: ，as a comma, Ａ as A
    if len(plain) != 1:
        plain = character
    known = plain in _SPOKEN_SIGNS or plain in _PAUSES or _script(plain) or plain in _DIGITS
    return plain if known or unicodedata.category(plain) == "Mn" else " "


def _runs(text: str, default: Language) -> Iterator[tuple[int, int, Language]]:
    """(start, end, language) of stretches of one script."""
    start, spoken = 0, None
    for index, character in enumerate(text):
        script = _script(character)
        if script and spoken and script != spoken:
            yield start, index, spoken
            start = index
        spoken = script or spoken
    yield start, len(text), spoken or default


def _script(character: str) -> Language | None:
    if _HAN.match(character):
        return "zh"
    return "en" if character.isalpha() and unicodedata.name(character, "").startswith("LATIN ") else None


def _pieces(run: str) -> Iterator[str]:
    while len(run) > LONGEST:
        cut = LONGEST
        for index in range(LONGEST, LONGEST // 2, -1):
            if run[index - 1] in _PAUSES or run[index - 1] == " ":
                cut = index
                break
        yield run[:cut]
        run = run[cut:]
    yield run
