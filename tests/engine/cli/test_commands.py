"""doctor, config and the front door."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from engine.cli import main
from tests.conftest import ExpectLog


def test_doctor_makes_every_part_work_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    for part in ("python", "data folder", "settings", "memory", "asr", "llm", "tts", "embedding", "sound"):
        assert part in out
    assert "!!" not in out


def test_doctor_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANION_VOICE_RATE", "1")
    assert main(["doctor"]) == 1
    assert "!!" in capsys.readouterr().out


def test_config_is_shown_changed_and_found(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["config", "set", "tts.rate", "1.25"]) == 0
    assert main(["config", "show"]) == 0
    assert "1.25" in capsys.readouterr().out
    assert main(["config", "path"]) == 0
    assert str(tmp_path / "config.toml") in capsys.readouterr().out


def test_an_unknown_setting_is_refused_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "set", "tts.rte", "1"]) == 1
    err = capsys.readouterr().err
    assert "tts.rate" in err
    assert "(unknown-setting)" in err


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    for command in ("chat", "talk", "serve", "pair", "devices", "connect", "doctor", "config", "bench"):
        assert command in out


def test_it_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == version("ai-companion")


def test_doctor_says_what_had_to_be_replaced(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    expect_log("llama cannot serve llm")
    monkeypatch.setenv("COMPANION_LLM_MODEL", "/nowhere/model.gguf")
    assert main(["doctor"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "!! llm (patterns) answers, in place of another: The model file /nowhere/model.gguf" in out
