"""How each setting, its values and its unit are called, and which settings a search finds. Pure."""

from __future__ import annotations

from app.i18n import Words
from engine.config import SettingInfo, Value


def code_of(key: str) -> str:
    """Code of the name of the setting `section.name`; its other texts begin with it."""
    return "settings." + key.replace(".", "-").replace("_", "-")


class SettingWords:
    """Texts about settings, in the language of `words`."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def name(self, info: SettingInfo) -> str:
        return self._words(code_of(info.key))

    def help(self, info: SettingInfo) -> str:
        return self._words(f"{code_of(info.key)}-help")

    def hint(self, info: SettingInfo) -> str:
        """What its field shows while it is empty; only where the default is."""
        return "" if info.default else self._words(f"{code_of(info.key)}-hint")

    def unit(self, info: SettingInfo) -> str:
        return self._words(f"settings.unit-{info.unit}") if info.unit else ""

    def choices(self, info: SettingInfo) -> list[tuple[str, str]]:
        """Values to choose from, and how they are called."""
        return [(value, self._words(f"{code_of(info.key)}-{value}")) for value in info.choices]

    def value(self, info: SettingInfo, value: Value) -> str:
        """A value, as people read it."""
        if isinstance(value, bool):
            return self._words("settings.on" if value else "settings.off")
        if isinstance(value, str):
            return dict(self.choices(info)).get(value, value)
        return f"{value:g} {self.unit(info)}".rstrip()

    def finds(self, info: SettingInfo, needle: str) -> bool:
        """Whether each word of `needle` is in the setting's key, its name, its help or one of its values."""
        parts = [info.key, self.name(info), self.help(info), *(text for _, text in self.choices(info))]
        hay = "\n".join(parts).casefold()
        return all(word in hay for word in needle.casefold().split())
