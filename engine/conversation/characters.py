"""Kinds of characters, as the conversation sees them: words, pause marks, closers, emoji.

Character classes are given as the inside of a regular expression's `[...]`, so that modules can combine them.
"""

from __future__ import annotations

import re
import unicodedata

CJK = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
"""Han, kana, bopomofo and hangul: each character is about a token, and words have no spaces."""

SENTENCE_MARKS = "。！？!?.…"
"""May end a sentence (`.` also stands in numbers, abbreviations and addresses)."""

PAUSE_MARKS = SENTENCE_MARKS + "，,、；;：:—–～〜~"
"""May be breathed at."""

CLOSERS = "”’」』）)】］]》〉'"
"""Close a quotation or a bracket: they stay with the sentence before them (so may `"`, where one is open)."""

OPENERS = "“‘「『（(【［[《〈"

EMOJI = (
    "\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u203c\u2049\u2764"
    "\u200d\u20e3\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
)
"""Pictures and what glues them together (joiner, variation selectors, keycap, skin tones, flag letters)."""

HAS_WORD = re.compile(r"[^\W_]")
"""Something that can be pronounced."""

UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Control characters, direction overrides, zero-width spaces, lone surrogates: neither shown nor spoken."""

_ZERO_WIDTH_JOINER = "\u200d"
_IS_CJK = re.compile(f"[{CJK}]")


def is_cjk(character: str) -> bool:
    """True for one character of a script without spaces."""
    return _IS_CJK.match(character) is not None


def is_latin(character: str) -> bool:
    """True for one letter or digit of a script with spaces (Latin, Cyrillic, ...); False for ""."""
    return character.isalnum() and not is_cjk(character)


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _extends(character: str) -> bool:
    """True for a character drawn onto the one before it."""
    return (
        character == _ZERO_WIDTH_JOINER
        or "\ufe00" <= character <= "\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or unicodedata.category(character) in ("Mn", "Me", "Mc")
    )


def is_whole(text: str, end: int) -> bool:
    """True when `text[:end]` does not end inside something drawn as one picture (emoji, flag, accent)."""
    if end <= 0 or end >= len(text):
        return True
    if _extends(text[end]) or text[end - 1] == _ZERO_WIDTH_JOINER:
        return False
    if not (_is_flag_letter(text[end]) and _is_flag_letter(text[end - 1])):
        return True
    first = end
    while first and _is_flag_letter(text[first - 1]):
        first -= 1
    return (end - first) % 2 == 0


def whole_clusters(text: str, end: int) -> int:
    """The largest index <= `end` at which no picture is cut in two."""
    while not is_whole(text, end):
        end -= 1
    return max(end, 0)


def whole_words(text: str, end: int) -> int:
    """The largest index <= `end` at which neither a picture nor a spaced script's word is cut."""
    end = min(end, len(text))
    while not is_whole(text, end) or (0 < end < len(text) and _inside_word(text, end)):
        end -= 1
    return max(end, 0)


def _inside_word(text: str, end: int) -> bool:
    before, after = text[end - 1], text[end]
    if before in "'’" and end > 1:
        before = text[end - 2]
    return is_latin(before) and (is_latin(after) or (after in "'’" and is_latin(text[end + 1 : end + 2])))
