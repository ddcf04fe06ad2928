"""On which page of the settings, and in which group there, each setting stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from engine.config import SettingInfo


class Group(NamedTuple):
    """Settings that belong together."""

    name: str
    """Empty: always shown; else its title's text, and it is folded until it is wanted."""
    entries: tuple[str, ...]
    """Keys, in their order; or sections: all that stand nowhere else, in the order of declaration."""


class Page(NamedTuple):
    name: str
    groups: tuple[Group, ...]


PAGES = (
    Page(
        "general",
        (Group("", ("general.language", "desktop")), Group("advanced", ("general",))),
    ),
    Page(
        "voice",
        (
            Group("", ("tts", "turn.end_silence_ms")),
            Group("advanced", ("vad", "asr", "turn")),
        ),
    ),
    Page("audio", (Group("", ("audio",)),)),
    Page(
        "persona",
        (
            Group(
                "", ("persona.name", "persona.user_name", "persona.language", "persona.character", "persona")
            ),
        ),
    ),
    Page("avatar", (Group("", ("avatar",)),)),
    Page("talking", (Group("", ("talk",)),)),
    Page(
        "engine",
        (
            Group("", ("engine",)),
            Group(
                "parts",
                (
                    "llm",
                    "asr.backend",
                    "asr.model",
                    "tts.backend",
                    "vad.backend",
                    "embedding",
                    "general.hosting",
                ),
            ),
            Group("devices", ("host",)),
            Group("deadlines", ("deadlines",)),
        ),
    ),
    Page("memory", (Group("", ("memory",)),)),
    Page("privacy", ()),
)


def place_of(key: str) -> tuple[str, str]:
    """Page and group of a setting: where its key is named, else its section. Raises KeyError if nowhere."""
    for wanted in (key, key.partition(".")[0]):
        for page in PAGES:
            for group in page.groups:
                if wanted in group.entries:
                    return page.name, group.name
    raise KeyError(key)


def settings_of(page: str, group: Group, infos: Iterable[SettingInfo]) -> list[SettingInfo]:
    """What stands in a group, in its order."""
    here = [info for info in infos if place_of(info.key) == (page, group.name)]

    def order(info: SettingInfo) -> int:
        named = info.key if info.key in group.entries else info.key.partition(".")[0]
        return group.entries.index(named)

    return sorted(here, key=order)
