"""Speech sounds -> mouth shapes."""

from __future__ import annotations

from engine.messages import Viseme

_STRESS = "',%=;:|_-\"~"
_LETTERS: dict[Viseme, str] = {"a": "aAV&", "e": "eE3@{", "i": "iIj", "o": "oO0Q", "u": "uUwyY8"}
"""First letters of eSpeak's mnemonics for vowels and glides."""
_VOWELS: dict[str, Viseme] = {letter: viseme for viseme, letters in _LETTERS.items() for letter in letters}
_CLOSED = ("p", "b", "m")


def viseme_of(phoneme: str) -> Viseme:
    """The mouth shape of an eSpeak mnemonic: the vowel's own, lips closed for p b m and pauses, and `n`
    (teeth together) for every other consonant."""
    if phoneme.startswith("_"):
        return "closed"
    name = phoneme.lstrip(_STRESS)
    if not name or name.startswith(_CLOSED):
        return "closed"
    return _VOWELS.get(name[0], "n")
