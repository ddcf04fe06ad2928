"""Speech sounds -> mouth shapes."""

from __future__ import annotations

from engine.messages import Viseme

_STRESS = "',%=;:|_-\"~"
_VOWELS: dict[str, Viseme] = {
    "a": "a", "A": "a", "V": "a", "0": "o", "O": "o", "o": "o", "Q": "o", "u": "u", "U": "u", "w": "u", "y": "u",
    "Y": "u", "i": "i", "I": "i", "j": "i", "e": "e", "E": "e", "3": "e", "@": "e", "8": "u", "&": "a", "{": "e",
}  # fmt: skip
"""First letter of eSpeak's mnemonic for a vowel or glide."""
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
