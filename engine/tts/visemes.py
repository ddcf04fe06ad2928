"""Mouth shapes of eSpeak's phonemes, English and Mandarin.

eSpeak names a phoneme by a mnemonic of one or more characters, most of them Kirshenbaum's ASCII for IPA, with
stress marks in front and variant digits behind (`'oU`, `t2`, `iou`, `@L`). Its phoneme sources list them:
phsource/ph_english, ph_english_us and ph_zh of eSpeak NG.
"""

from __future__ import annotations

from engine.messages import Viseme

_VOWELS: dict[str, Viseme] = {
    "a": "a", "A": "a", "V": "a",
    "i": "i", "I": "i",
    "u": "u", "U": "u", "y": "u", "Y": "u",
    "e": "e", "E": "e", "@": "e", "3": "e",
    "o": "o", "O": "o", "0": "o",
}  # fmt: skip
_GLIDES: dict[str, Viseme] = {"w": "u", "j": "i"}
_TEETH: Viseme = "n"
_LIPS = frozenset("pbmfv")


def visemes(mnemonic: str) -> tuple[Viseme, ...]:
    """The shapes of one phoneme, in order and of equal share: a diphthong has two, a pause is `closed`. A
    switch of language, which has no sound, has none."""
    if mnemonic.startswith("("):
        return ()
    name = mnemonic.lstrip("',%=")
    if not name or name.startswith("_"):
        return ("closed",)
    if name.startswith("o-"):  # Mandarin e, the unrounded o
        return ("e",)
    if name[0] in _VOWELS:
        return tuple(_VOWELS[character] for character in name if character in _VOWELS)
    if name[0] in _LIPS:
        return ("closed",)
    return (_GLIDES.get(name[0], _TEETH),)
