"""Texts of the settings: for each that is declared, and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.i18n import Words, table
from app.panels.setting_pages import PAGES
from app.panels.setting_words import SettingWords, code_of
from engine.config import SettingInfo, describe

ROOT = Path(__file__).parents[3]
INFOS = {info.key: info for info in describe()}
SPECIAL = {"audio.microphone", "audio.speaker", "engine.host", "avatar.model", "llm.model"}
"""Texts that have no empty field to show a hint."""


def expected() -> set[str]:
    codes: set[str] = set()
    for info in INFOS.values():
        code = code_of(info.key)
        codes |= {code, f"{code}-help", *(f"{code}-{value}" for value in info.choices)}
        if info.type == "text" and info.default == "" and info.key not in SPECIAL:
            codes.add(f"{code}-hint")
        if info.unit:
            codes.add(f"settings.unit-{info.unit}")
    for page in PAGES:
        codes.add(f"settings.page-{page.name}")
        codes |= {f"settings.group-{group.name}" for group in page.groups if group.name}
    return codes


def named_in_the_source() -> set[str]:
    return {
        code
        for path in (ROOT / "app").rglob("*.py")
        for code in re.findall(r'"(settings\.[a-z0-9-]+[a-z0-9])"', path.read_text(encoding="utf-8"))
    }


def test_there_are_all_texts_and_no_others() -> None:
    there = {code for code in table() if code.startswith("settings.")}
    assert there == expected() | named_in_the_source()


@pytest.mark.parametrize("info", INFOS.values(), ids=INFOS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_setting_has_its_texts(info: SettingInfo, language: str) -> None:
    texts = SettingWords(Words(language))  # type: ignore[arg-type]
    assert texts.name(info) != texts.help(info)
    assert "&" not in texts.name(info), "it would be taken for a mnemonic"
    assert [value for value, _ in texts.choices(info)] == list(info.choices)
    assert len({text for _, text in texts.choices(info)}) == len(info.choices)
    assert texts.value(info, info.default) or info.default == ""


def test_names_are_all_different() -> None:
    for language in ("en", "zh"):
        names = [SettingWords(Words(language)).name(info) for info in INFOS.values()]
        assert len(set(names)) == len(names), sorted(names)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [
        ("tts.rate", 1.25, "1.25"),
        ("turn.end_silence_ms", 700, "700 ms"),
        ("memory.enabled", False, "off"),
        ("desktop.theme", "dark", "Dark"),
        ("persona.name", "", ""),
        ("persona.name", "Mia", "Mia"),
    ],
)
def test_values_as_people_read_them(key: str, value: str | float | bool, text: str) -> None:
    assert SettingWords(Words("en")).value(INFOS[key], value) == text


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("speed", {"tts.rate"}),
        ("SPEED fast", {"tts.rate"}),
        ("speed dark", set()),
        ("tts.volume", {"tts.volume"}),
        ("dark", {"desktop.theme"}),
        ("no such thing", set()),
    ],
)
def test_a_search_looks_at_names_help_values_and_keys(needle: str, found: set[str]) -> None:
    texts = SettingWords(Words("en"))
    assert {key for key, info in INFOS.items() if texts.finds(info, needle)} == found


def test_a_search_in_chinese() -> None:
    texts = SettingWords(Words("zh"))
    assert {key for key, info in INFOS.items() if texts.finds(info, "语速")} == {"tts.rate"}
