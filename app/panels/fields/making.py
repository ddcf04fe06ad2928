"""Which field a setting gets."""

from __future__ import annotations

from pathlib import Path

from app.background import Background
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.panels.fields.device import DeviceField
from app.panels.fields.field import Field
from app.panels.fields.host import HostField
from app.panels.fields.hotkey import HotkeyField
from app.panels.fields.model import ModelField
from app.panels.fields.number import NumberField
from app.panels.fields.switch import SwitchField
from app.panels.fields.text import LongTextField, TextField
from app.theme import Theme
from engine.config import SettingInfo
from engine.registry import backend_names

LONG_TEXT = 1001
"""From how many characters a text gets more than one line."""
_TEST_BACKEND = "scripted"
"""For tests and demonstrations; who wants it writes it into the file."""


class FieldMaker:
    """Makes fields for one panel."""

    def __init__(self, words: Words, theme: Theme, folder: Path, background: Background) -> None:
        """`folder`: the data folder; `background` for what the fields have to find out."""
        self._words = words
        self._theme = theme
        self._folder = folder
        self._background = background

    def make(self, info: SettingInfo) -> Field:
        """For a setting of its own kind by its key, else by its type."""
        words = self._words
        section, name = info.key.split(".")
        match section, name:
            case "talk", "hotkey":
                return HotkeyField(words)
            case "audio", "microphone":
                return DeviceField(words, "microphone", self._background)
            case "audio", "speaker":
                return DeviceField(words, "speaker", self._background)
            case "engine", "host":
                return HostField(words, self._folder, self._background)
            case "avatar", "model":
                return ModelField(words, info.max_length)
            case ("vad" | "asr" | "llm" | "tts" | "embedding") as stage, "backend":
                names = [each for each in backend_names(stage) if each != _TEST_BACKEND]
                return ChoiceField([("auto", words("settings.automatic")), *((it, it) for it in names)])
        if info.choices:
            return ChoiceField([(value, words(f"{code_of(info.key)}-is-{value}")) for value in info.choices])
        match info.type:
            case "true or false":
                return SwitchField(self._theme)
            case "text" if (info.max_length or 0) >= LONG_TEXT:
                return LongTextField(info.max_length, "")
            case "text":
                return TextField(info.max_length, "")
            case _:
                return NumberField(info, words(f"settings.unit-{info.unit}") if info.unit else "")


def code_of(key: str) -> str:
    """Under which code the texts of a setting stand."""
    return "settings." + key.replace(".", "-").replace("_", "-")
