"""Which field each setting has."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from app.avatar.opening.opening import may_open, open_model
from app.background import Background
from app.devices.portaudio import Device, devices
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.panels.fields.field import Field
from app.panels.fields.file import FileField
from app.panels.fields.found import FoundField
from app.panels.fields.hotkey import HotkeyField
from app.panels.fields.login import LoginField
from app.panels.fields.number import NumberField
from app.panels.fields.switch import SwitchField
from app.panels.fields.text import LongTextField, TextField
from app.panels.setting_words import SettingWords
from app.theme import Theme
from engine.assets import asset_path
from engine.client.known_hosts import KnownHosts
from engine.config import SettingInfo
from engine.registry import backend_names

_LONG = 1000
"""A text that may have more characters than that gets several lines."""
_BACKENDS = {
    "patterns": "settings.backend-patterns",
    "openai": "settings.backend-openai",
    "llama": "settings.backend-llama",
    "pocketsphinx": "settings.backend-pocketsphinx",
    "sensevoice": "settings.backend-sensevoice",
    "espeak": "settings.backend-espeak",
    "silero": "settings.backend-silero",
    "hashed": "settings.backend-hashed",
}
_FOR_TESTS = "scripted"
"""Backends that say what a test has told them."""


class SettingFields:
    """Makes them."""

    def __init__(self, words: Words, theme: Theme, background: Background, folder: Path) -> None:
        """`background` finds out what can be chosen; `folder` is the data folder."""
        self._words = words
        self._texts = SettingWords(words)
        self._theme = theme
        self._background = background
        self._folder = folder

    def field(self, info: SettingInfo) -> Field:
        """The field of a setting."""
        match info.key.split("."):
            case ["audio", "microphone" | "speaker" as kind]:
                return self._device(kind == "microphone")
            case ["engine", "host"]:
                return self._host()
            case [stage, "backend"]:
                return FoundField(
                    ("auto", self._words("settings.backend-auto")),
                    partial(_backends, stage),
                    self._background,
                    name=self._backend_name,
                )
            case ["talk", "hotkey"]:
                return HotkeyField(self._words)
            case ["avatar", "model"]:
                return self._model()
            case ["llm", "model"]:
                return self._mind()
            case ["persona", "card"]:
                return self._card()
            case ["desktop", "start_at_login"]:
                return LoginField(self._theme, self._background)
            case _:
                return self._plain(info)

    def _plain(self, info: SettingInfo) -> Field:
        """By the kind of its value."""
        if info.choices:
            return ChoiceField(self._texts.choices(info))
        if info.type == "true or false":
            return SwitchField(self._theme)
        if info.type == "text":
            kind = LongTextField if (info.max_length or 0) > _LONG else TextField
            return kind(info.max_length, self._texts.hint(info))
        return NumberField(info, self._texts.unit(info))

    def _device(self, listens: bool) -> Field:
        return FoundField(
            ("", self._words("settings.device-default")),
            partial(_devices, listens),
            self._background,
            lambda name: self._words("settings.device-absent", name=name),
        )

    def _backend_name(self, backend: str) -> str:
        """Those that others bring are called as they call themselves."""
        return self._words(_BACKENDS[backend]) if backend in _BACKENDS else backend

    def _host(self) -> Field:
        return FoundField(
            ("", self._words("settings.engine-host-last")),
            partial(_hosts, self._folder),
            self._background,
            lambda name: self._words("settings.engine-host-unknown", name=name),
        )

    def _model(self) -> Field:
        words = self._words
        field = FileField(
            words,
            [("", words("settings.avatar-model-built-in"))],
            words("settings.avatar-model-choose"),
            "*.model3.json *.zip",
            lambda path: open_model(path, self._folder / "models"),
            self._background,
        )
        if not may_open():
            field.button.setEnabled(False)
            field.button.setToolTip(words("settings.avatar-model-bundle"))
        return field

    def _mind(self) -> Field:
        none = self._words("settings.llm-model-none")
        return FileField(self._words, [("", none)], self._words("settings.llm-model-choose"), "*.gguf")

    def _card(self) -> Field:
        cards = sorted(path.stem for path in asset_path("persona").glob("*.toml"))
        offers = [(card, card.capitalize()) for card in cards]
        return FileField(self._words, offers, self._words("settings.persona-card-choose"), "*.toml")


# ------------------------------------------------------------ what can be chosen; these may wait


def _devices(listens: bool) -> list[str]:
    found = asyncio.run(devices())
    return list(dict.fromkeys(device.name for device in found if _channels(device, listens)))


def _channels(device: Device, listens: bool) -> int:
    return device.inputs if listens else device.outputs


def _hosts(folder: Path) -> list[str]:
    return [host.place for host in KnownHosts(folder, None).list()]


def _backends(stage: str) -> list[str]:
    return [name for name in backend_names(stage) if name != _FOR_TESTS]  # type: ignore[arg-type]
