"""Whatever is wrong with a model, the check tells, and lives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.avatar.__main__ import main
from app.avatar.opening.opening import open_model
from app.avatar.opening.refused import ModelRefused
from tests.support.avatar import ask_core, write_whole
from tests.support.corrupted import CORRUPTED, SAFE, mutated

MUTATIONS = 100
DRAWN = "[model.Update(0.1) for _ in range(3)] and model.HasMocConsistencyFromFile('avatar.moc3')"
links = pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")


def verdict(folder: Path, cache: Path) -> str | Path:
    """The code with which the model is refused, or the path of its copy."""
    try:
        return open_model(folder, cache)
    except ModelRefused as refusal:
        return refusal.code


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=links) if "linked" in what else what for what in CORRUPTED]
)
def test_every_way_to_be_wrong_is_refused_with_its_reason_or_made_right(what: str, tmp_path: Path) -> None:
    write_whole(tmp_path / "model")
    spoil, expected = CORRUPTED[what]
    spoil(tmp_path / "model")
    found = verdict(tmp_path / "model", tmp_path / "cache")
    assert found == expected or (expected == SAFE and isinstance(found, Path))
    if isinstance(found, Path):
        assert ask_core(DRAWN, [found]) == [True]


def test_random_mutations_are_refused_or_load_safely(tmp_path: Path) -> None:
    safe: list[Path] = []
    for seed in range(MUTATIONS):
        folder = tmp_path / str(seed)
        write_whole(folder)
        mutated(folder, seed)
        found = verdict(folder, tmp_path / "cache")
        if isinstance(found, Path):
            safe.append(found)
    assert 0 < len(safe) < MUTATIONS
    assert ask_core(DRAWN, safe) == [True] * len(safe)


def test_the_command_tells_what_is_safe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(write_whole(tmp_path))]) == 0
    assert "is safe to open" in capsys.readouterr().out


def test_the_command_tells_why_not_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", "There is no model in it: no file named *.model3.json.\n")


def test_wrong_arguments_are_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check"])
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_program_is_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.avatar", "check", str(tmp_path / "nowhere")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert "There is no file or folder" in run.stderr
