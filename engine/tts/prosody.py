"""How each emotion sounds: eSpeak's speed, pitch and melody, and the level, by language."""

from __future__ import annotations

import msgspec

from engine.conversation.language import Language
from engine.messages import Emotion


class Prosody(msgspec.Struct, frozen=True):
    """What eSpeak is told, and the gain afterwards."""

    rate: int
    """Words a minute."""
    pitch: int
    """0-99 on eSpeak's scale; 50 is the voice's own."""
    pitch_range: int
    """0-99: how lively the melody is; 50 is the voice's own."""
    gain_db: float


SLOWEST, FASTEST = 80, 450
"""Words a minute that eSpeak takes."""


def prosody(emotion: Emotion, language: Language, rate: float = 1.0) -> Prosody:
    """How a language is spoken with an emotion; `rate` multiplies the speed."""
    base = _TABLE[language][emotion]
    return msgspec.structs.replace(base, rate=min(FASTEST, max(SLOWEST, round(base.rate * rate))))


_TABLE: dict[Language, dict[Emotion, Prosody]] = {
    "en": {
        "calm": Prosody(150, 45, 50, -1.4),
        "happy": Prosody(168, 68, 75, -1.0),
        "angry": Prosody(176, 35, 65, 3.6),
        "sad": Prosody(128, 25, 30, -4.0),
        "surprised": Prosody(150, 78, 85, -0.8),
        "coquettish": Prosody(134, 70, 60, -3.0),
    },
    "zh": {
        "calm": Prosody(200, 50, 50, -3.0),
        "happy": Prosody(225, 74, 75, -2.2),
        "angry": Prosody(235, 40, 65, 2.6),
        "sad": Prosody(170, 28, 30, -5.8),
        "surprised": Prosody(208, 92, 85, -1.9),
        "coquettish": Prosody(175, 74, 60, -4.8),
    },
}
