"""What SenseVoice says beside the words: four tags in front, of language, emotion, sound and spelling. Pure.

Names as in https://github.com/FunAudioLLM/SenseVoice. Of many utterances it tells no emotion: it is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

EMOTIONS = {
    "HAPPY": "happy",
    "SAD": "sad",
    "ANGRY": "angry",
    "NEUTRAL": "",
    "FEARFUL": "fearful",
    "DISGUSTED": "disgusted",
    "SURPRISED": "surprised",
    "EMO_UNKNOWN": "",
}
LANGUAGES = ("zh", "en", "yue", "ja", "ko")
SURE = 0.5
"""Probability from which an emotion is believed."""

_EVENTS = {
    "BGM": "music",
    "Applause": "applause",
    "Laughter": "laughter",
    "Cry": "crying",
    "Sneeze": "sneeze",
    "Breath": "breath",
    "Cough": "cough",
    "Sing": "singing",
}
_TAG = re.compile(r"<\|([^|]*)\|>")


def tag_in(piece: str) -> str:
    """The name in `<|name|>`; empty for what is no tag."""
    found = _TAG.fullmatch(piece.lstrip("▁"))
    return found[1] if found else ""


def believed_emotion(probabilities: dict[str, float]) -> str:
    """The likeliest of EMOTIONS, by its name in a transcript; empty when its share is not SURE."""
    whole = sum(probabilities.values())
    if not whole:
        return ""
    name = max(probabilities, key=lambda each: probabilities[each])
    return EMOTIONS[name] if probabilities[name] / whole >= SURE else ""


def events_in(tags: Iterable[str]) -> tuple[str, ...]:
    """The sounds beside speech, each once."""
    return tuple(dict.fromkeys(_EVENTS[tag] for tag in tags if tag in _EVENTS))


def language_of(tag: str) -> str:
    """The language a tag names; empty for none that is known (`nospeech`)."""
    return tag if tag in LANGUAGES else ""
