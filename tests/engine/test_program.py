from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.hosting.process import worker_command
from engine.program import NO_WINDOW, command_of


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a program made by PyInstaller, as which we now pass."""
    folder = tmp_path / "程序 与 空格"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "companion"))
    return folder


def test_from_source_a_module_runs_and_gets_its_arguments() -> None:
    command = command_of("engine.cli", "--help")
    done = subprocess.run(command, capture_output=True, text=True, creationflags=NO_WINDOW, check=True)
    assert "usage" in done.stdout


def test_modules_never_come_from_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__init__.py").write_text("raise SystemExit(3)")
    command = command_of("engine.cli", "--help")
    subprocess.run(command, cwd=tmp_path, stdout=subprocess.DEVNULL, check=True)


@pytest.mark.parametrize(("platform", "suffix"), [("linux", ""), ("darwin", ""), ("win32", ".exe")])
def test_in_a_bundle_an_executable_beside_the_program_runs_it(
    bundled: Path, monkeypatch: pytest.MonkeyPatch, platform: str, suffix: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert command_of("engine.cli", "doctor") == [
        str(bundled / f"companion-worker{suffix}"),
        "engine.cli",
        "doctor",
    ]


def test_in_a_bundle_gpl_parts_have_an_executable_of_their_own(bundled: Path) -> None:
    assert worker_command(gpl=True) == [str(bundled / "voice" / "companion-voice"), "engine.hosting.worker"]
    assert worker_command() == [str(bundled / "companion-worker"), "engine.hosting.worker"]
