"""Every sentence exists in both languages and takes the same values."""

from __future__ import annotations

import string
import tomllib
from importlib.resources import files

import pytest

from engine.errors import EnvironmentFault, StageTimeout
from engine.notices import notice, sentence

TABLE = tomllib.loads(files("engine").joinpath("notices.toml").read_text(encoding="utf-8"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", TABLE)
def test_both_languages_take_the_same_values(code: str) -> None:
    entry = TABLE[code]
    assert "zh" in entry
    assert "en" not in entry or fields(entry["en"]) == fields(entry["zh"])


def test_fills_in_values() -> None:
    assert notice("utterance-too-long", "en", seconds=60).message.count("60") == 1
    assert notice("utterance-too-long", "zh", seconds=60).code == "utterance-too-long"


def test_an_error_speaks_the_users_language_where_it_can() -> None:
    assert sentence(StageTimeout("llm", "too slow"), "en") == "too slow"
    assert sentence(StageTimeout("llm", "too slow"), "zh").startswith("我想了太久")
    assert sentence(EnvironmentFault("rare-thing", "Do this."), "zh") == "Do this."
