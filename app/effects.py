"""When a changed setting takes effect. Pure."""

from __future__ import annotations

from typing import Literal

Effect = Literal["now", "engine", "restart"]
"""now: at once; engine: the engine starts anew for it, by itself; restart: when the program starts again."""

_SECTIONS: dict[str, Effect] = {
    "general": "engine",
    "persona": "engine",
    "vad": "engine",
    "asr": "engine",
    "llm": "engine",
    "tts": "engine",
    "embedding": "engine",
    "memory": "engine",
    "turn": "engine",
    "deadlines": "engine",
    "host": "restart",
    "engine": "engine",
    "audio": "now",
    "talk": "now",
    "avatar": "now",
    "desktop": "now",
}
_KEYS: dict[str, Effect] = {"general.log_level": "restart"}


def effect_of(key: str) -> Effect:
    """Of the setting `section.name`. Raises KeyError for a section that is not declared here."""
    return _KEYS.get(key) or _SECTIONS[key.partition(".")[0]]
