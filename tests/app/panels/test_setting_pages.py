"""Every declared setting stands somewhere, once, and is called something in both languages."""

from __future__ import annotations

from collections import Counter

from app.effects import effect_of
from app.i18n import table
from app.panels.fields.making import code_of
from app.panels.setting_pages import PAGES, place_of, settings_of
from engine import config

INFOS = config.describe()


def test_every_setting_stands_somewhere_once() -> None:
    shown = Counter(
        info.key for page in PAGES for group in page.groups for info in settings_of(page.name, group, INFOS)
    )
    assert shown == Counter({info.key: 1 for info in INFOS})


def test_a_key_that_is_named_goes_before_its_section() -> None:
    assert place_of("turn.end_silence_ms") == ("voice", "")
    assert place_of("turn.min_speech_ms") == ("voice", "advanced")


def test_every_setting_and_every_choice_is_called_something_and_nothing_else_is() -> None:
    wanted = {code_of(info.key) + end for info in INFOS for end in ("", "-help")}
    wanted |= {f"{code_of(info.key)}-is-{choice}" for info in INFOS for choice in info.choices}
    sections = {info.key.partition(".")[0] for info in INFOS}
    there = {
        code
        for code in table()
        if code.startswith("settings.") and code.removeprefix("settings.").partition("-")[0] in sections
    }
    assert there == wanted


def test_every_page_group_and_unit_is_called_something() -> None:
    wanted = {f"settings.page-{page.name}" for page in PAGES}
    wanted |= {f"settings.group-{group.name}" for page in PAGES for group in page.groups if group.name}
    wanted |= {f"settings.unit-{info.unit}" for info in INFOS if info.unit}
    assert wanted <= table().keys()


def test_every_setting_has_an_effect() -> None:
    assert {effect_of(info.key) for info in INFOS} == {"now", "engine", "restart"}
