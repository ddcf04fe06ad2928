"""What starts at login, written for this system's desktops and, as far as that goes here, for the others."""

from __future__ import annotations

import plistlib
import sys
from pathlib import Path

import pytest

from app.start_at_login import linux, macos, set_start_at_login
from app.start_at_login.command import command
from engine.errors import EnvironmentFault

AWKWARD = ["/opt/my programs/程序/companion", "100%", 'say "hi"', "$HOME", "back\\slash"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.mark.skipif(sys.platform != "linux", reason="the autostart folder of Linux desktops")
def test_it_is_switched_on_and_off(home: Path) -> None:
    entry = home / ".config" / "autostart" / "ai-companion.desktop"
    set_start_at_login(True)
    set_start_at_login(True)
    assert f'Exec="{command()[0]}"' in entry.read_text(encoding="utf-8").splitlines()
    set_start_at_login(False)
    set_start_at_login(False)
    assert not entry.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the autostart folder of Linux desktops")
def test_a_folder_that_cannot_be_written_is_said(home: Path) -> None:
    (home / ".config").write_text("a file")
    with pytest.raises(EnvironmentFault, match="settings of your system"):
        set_start_at_login(True)


def test_a_desktop_entry_quotes_as_its_specification_says(home: Path) -> None:
    linux.write(AWKWARD)
    text = (home / ".config" / "autostart" / "ai-companion.desktop").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("Exec="))
    assert line == ('Exec="/opt/my programs/程序/companion" "100%%" "say \\"hi\\"" "\\$HOME" "back\\\\slash"')


def test_a_launch_agent_holds_the_command(home: Path) -> None:
    macos.write(AWKWARD)
    path = home / "Library" / "LaunchAgents" / "ai-companion.plist"
    agent = plistlib.loads(path.read_bytes())
    assert (agent["ProgramArguments"], agent["RunAtLoad"]) == (AWKWARD, True)
    macos.write(None)
    macos.write(None)
    assert not path.exists()


def test_a_bundle_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/companion/companion")
    assert command() == ["/opt/companion/companion"]
