from __future__ import annotations

import sys
from pathlib import Path

import pytest
from steps import sound
from steps.report import SetupError


def test_what_sound_needs_is_named_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound.sys, "platform", "linux")
    monkeypatch.setattr(sound.shutil, "which", lambda program: None)
    monkeypatch.setattr(sound, "first", lambda folders, *patterns: None)
    assert [*sound.missing_for_sound({"build"})] == [
        *("gcc", "libc6-dev", "portaudio19-dev", f"python3.{sys.version_info[1]}-dev")
    ]
    assert [*sound.missing_for_sound({"tests"})] == ["libasound2-plugins"]
    monkeypatch.setattr(sound.sys, "platform", "darwin")
    assert sound.missing_for_sound({"build", "tests"}) == {}


def test_a_file_is_found_in_any_of_the_folders(tmp_path: Path) -> None:
    (tmp_path / "lib" / "any").mkdir(parents=True)
    found = tmp_path / "lib" / "any" / "some.so"
    found.touch()
    assert sound.first([tmp_path / "nowhere", tmp_path], "lib*/some.so", "lib/*/some.so") == found
    assert sound.first([tmp_path], "some.so") is None


def test_what_cannot_be_installed_is_said_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "missing_for_sound", lambda purposes: {"gcc": "", "libc6-dev": ""})
    monkeypatch.setattr(sound, "apt_install", lambda reasons: False)
    with pytest.raises(SetupError, match="apt-get install gcc libc6-dev"):
        sound.need_to_build()
