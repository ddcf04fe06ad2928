"""Every sentence exists in both languages and takes the same values."""

from __future__ import annotations

import ast
import string
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

import engine
from engine.errors import EnvironmentFault, StageCrashed, StageFault, StageTimeout, StageUnavailable
from engine.notices import notice, sentence

TABLE = tomllib.loads(files("engine").joinpath("notices.toml").read_text(encoding="utf-8"))


SAYS = ("notice", "_on_notice", "_tell_once", "_tell_notice", "_refuse", "say", "_words")
"""Functions whose first argument is the code of a notice."""


def literals(folder: Path) -> Iterator[tuple[str, str]]:
    """Every call in `folder` that names a code: the function, and the code."""
    for path in folder.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            keywords = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
            for value in (*call.args[:1], *keywords):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield name, value.value


def test_every_notice_the_engine_gives_has_its_words_in_both_languages() -> None:
    codes = {code for name, code in literals(Path(engine.__path__[0])) if name in SAYS}
    assert {"did-not-catch", "memory-behind", "text-empty"} <= codes, "the search finds nothing any more"
    assert [code for code in sorted(codes) if TABLE.get(code, {}).keys() != {"en", "zh"}] == []


def test_every_fault_of_memory_and_of_a_stage_has_chinese_words() -> None:
    faults = {
        code
        for name, code in literals(Path(engine.__path__[0]) / "memory")
        if name in ("EnvironmentFault", "PeerFault", "StageFault")
    }
    faults -= {"memory", "embedding"}  # StageFault names its stage first
    for stage in ("vad", "asr", "llm", "tts", "embedding"):
        for kind in (StageFault, StageTimeout, StageCrashed, StageUnavailable):
            faults.add(kind(stage, "").code)
    assert [code for code in sorted(faults) if "zh" not in TABLE.get(code, {})] == []


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
