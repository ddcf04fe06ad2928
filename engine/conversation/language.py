"""Which of the two languages a text is in."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["zh", "en"]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
_LATIN_WORD = re.compile("[A-Za-z][A-Za-z'’-]*")


def language_of(text: str, default: Language = "en") -> Language:
    """The language most of `text` is written in: a Chinese character weighs as much as a Latin word. A text
    without either is in `default`."""
    han = len(_HAN.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    if han == latin:
        return "zh" if han else default
    return "zh" if han > latin else "en"
