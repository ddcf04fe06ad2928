"""The terminal conversation as a user starts it: a process, lines in, lines out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def environment(folder: Path) -> dict[str, str]:
    """That of a user whose data lie in `folder`, with fakes for ears and voice."""
    return {
        "COMPANION_DATA_DIR": str(folder),
        "COMPANION_CONFIG": str(folder / "none.toml"),
        "COMPANION_TTS_BACKEND": "scripted",
        "COMPANION_ASR_BACKEND": "scripted",
        "PYTHONIOENCODING": "utf-8",
        "PATH": "",
    }


def chat(
    folder: Path, *lines: str, settings: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.cli", "chat", "--mute"],
        input="\n".join(lines) + "\n",
        env={**environment(folder), **(settings or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_conversation_over_two_starts_with_memories_seen_and_forgotten(tmp_path: Path) -> None:
    first = chat(tmp_path, "My name is Alice and I live in Paris.")
    assert first.returncode == 0, first.stderr
    assert "Rio is here" in first.stdout
    assert "Alice" in first.stdout
    assert "first sound after" in first.stdout
    second = chat(tmp_path, "where do I live", "/memories", "/quit")
    assert "Paris" in second.stdout.split("(first sound")[0]
    assert "fact:" in second.stdout
    third = chat(tmp_path, "/forget all", "/memories")
    assert "nothing I remember" in third.stdout
    fourth = chat(tmp_path, "where do I live")
    assert "Paris" not in fourth.stdout
    assert not any(
        "Paris" in path.read_bytes().decode(errors="ignore") for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_setting_that_cannot_be_is_refused_before_anything_starts(tmp_path: Path) -> None:
    result = chat(tmp_path, settings={"COMPANION_TTS_RATE": "fast"})
    assert result.returncode == 1
    assert "tts.rate" in result.stderr
    assert "(bad-setting)" in result.stderr


def test_a_backend_nobody_knows_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    result = chat(tmp_path, settings={"COMPANION_TTS_BACKEND": "espeek"})
    assert result.returncode == 1
    assert "Did you mean 'espeak'?" in result.stderr


def test_a_command_nobody_knows_is_explained_and_nobody_answers_it(tmp_path: Path) -> None:
    shown = chat(tmp_path, "/forget", "/hlep").stdout
    assert shown.count("/forget ID") == 3
    assert "first sound" not in shown


def test_in_chinese_the_terminal_speaks_chinese_too(tmp_path: Path) -> None:
    shown = chat(
        tmp_path, "我叫小明", "/memories", "/forget fact:1", settings={"COMPANION_GENERAL_LANGUAGE": "zh"}
    )
    for words in ("来了", "毫秒后出声", "你叫小明", "已经彻底忘掉"):
        assert words in shown.stdout
