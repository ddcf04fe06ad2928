"""Where settings stand."""

from __future__ import annotations

import pytest

from app.effects import effect_of
from app.panels.setting_pages import PAGES, place_of, settings_of
from engine.config import describe

INFOS = describe()


def test_every_setting_stands_in_one_place() -> None:
    placed = [
        info.key for page in PAGES for group in page.groups for info in settings_of(page.name, group, INFOS)
    ]
    assert sorted(placed) == sorted(info.key for info in INFOS)


def test_named_settings_come_in_their_order() -> None:
    persona = next(page for page in PAGES if page.name == "persona")
    keys = [info.key for info in settings_of("persona", persona.groups[0], INFOS)]
    assert keys == [
        *("persona.name", "persona.user_name", "persona.language", "persona.character", "persona.card")
    ]
    assert place_of("tts.rate") == ("voice", "")
    assert place_of("tts.backend") == ("engine", "parts")


def test_what_is_not_declared_stands_nowhere() -> None:
    with pytest.raises(KeyError):
        place_of("no.such")


def test_every_setting_has_an_effect() -> None:
    effects = {info.key: effect_of(info.key) for info in INFOS}
    assert effects["general.log_level"] == effects["host.port"] == "restart"
    assert effects["general.language"] == effects["tts.rate"] == effects["engine.place"] == "engine"
    assert effects["desktop.theme"] == effects["talk.hotkey"] == effects["audio.speaker"] == "now"
    with pytest.raises(KeyError):
        effect_of("no.such")
