from __future__ import annotations

import sys
from pathlib import Path

import pytest
from steps import building
from steps.report import SetupError


def test_what_sound_needs_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building.sys, "platform", "linux")
    monkeypatch.setattr(building.shutil, "which", lambda program: None)
    monkeypatch.setattr(building, "first", lambda folders, *patterns: None)
    assert [*building.missing_packages({"desktop"})] == [
        *("gcc", "libc6-dev", "portaudio19-dev", f"python3.{sys.version_info[1]}-dev")
    ]
    assert [*building.missing_packages({"models"})] == ["g++"]
    assert [*building.missing_packages({"tests"})] == ["libasound2-plugins"]
    monkeypatch.setattr(building.sys, "platform", "darwin")
    assert building.missing_packages({"desktop", "models", "tests"}) == {}


def test_a_file_is_found_in_any_of_the_folders(tmp_path: Path) -> None:
    (tmp_path / "lib" / "any").mkdir(parents=True)
    found = tmp_path / "lib" / "any" / "some.so"
    found.touch()
    assert building.first([tmp_path / "nowhere", tmp_path], "lib*/some.so", "lib/*/some.so") == found
    assert building.first([tmp_path], "some.so") is None


def test_what_cannot_be_installed_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "missing_packages", lambda purposes: {"gcc": "", "libc6-dev": ""})
    monkeypatch.setattr(building, "apt_install", lambda reasons: False)
    with pytest.raises(SetupError, match="apt-get install gcc libc6-dev"):
        building.need_to_build({"desktop"})
