"""Starting at login: what is written is read again, and nothing is left behind."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import platformdirs
import pytest

from app.start_at_login import linux, macos, set_start_at_login, starts_at_login
from app.start_at_login.command import command
from engine.errors import EnvironmentFault

HARD = ["/home/ä b/100% $HOME `x`/companion", 'with "quotes"']


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda: str(tmp_path / "config"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("system", [linux, macos])
def test_what_is_written_is_read_again(system: object) -> None:
    assert system.read() is None  # type: ignore[attr-defined]
    system.write(HARD)  # type: ignore[attr-defined]
    assert system.read() == HARD  # type: ignore[attr-defined]
    system.write(None)  # type: ignore[attr-defined]
    system.write(None)  # type: ignore[attr-defined]
    assert system.read() is None  # type: ignore[attr-defined]


def test_a_desktop_entry_is_one_that_desktops_read(home: Path) -> None:
    linux.write(HARD)
    lines = (home / "config" / "autostart" / "ai-companion.desktop").read_text().splitlines()
    assert lines[0] == "[Desktop Entry]"
    assert "Type=Application" in lines
    line = next(line for line in lines if line.startswith("Exec="))
    assert "%%" in line
    assert shlex.split(line.removeprefix("Exec="))[0].startswith("/home/")


def test_an_agent_that_cannot_be_read_is_none_of_ours(home: Path) -> None:
    path = home / "Library" / "LaunchAgents" / "ai-companion.plist"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"nonsense")
    assert macos.read() == []


def test_the_command_is_that_of_this_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(command()[0]).parent == Path(sys.executable).parent
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert command() == [sys.executable]


@pytest.mark.skipif(sys.platform != "linux", reason="would change what starts on this computer")
def test_what_the_system_forbids_is_said(home: Path) -> None:
    set_start_at_login(True)
    assert starts_at_login()
    set_start_at_login(False)
    assert not starts_at_login()
    (home / "config" / "autostart").rmdir()
    (home / "config").rmdir()
    (home / "config").touch()
    with pytest.raises(EnvironmentFault, match="cannot be changed") as refused:
        set_start_at_login(True)
    assert refused.value.code == "login-unwritable"
    with pytest.raises(EnvironmentFault, match="cannot be found out"):
        starts_at_login()
