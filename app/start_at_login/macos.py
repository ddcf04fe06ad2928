"""macOS: a launch agent."""

from __future__ import annotations

import plistlib
from pathlib import Path

_LABEL = "ai-companion"


def _path() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"


def read() -> list[str] | None:
    """The command that is started; None: none."""
    try:
        return plistlib.loads(_path().read_bytes())["ProgramArguments"]
    except FileNotFoundError:
        return None
    except (plistlib.InvalidFileException, KeyError):
        return []


def write(command: list[str] | None) -> None:
    """Starts `command`, or nothing."""
    path = _path()
    if command is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    agent = {"Label": _LABEL, "ProgramArguments": command, "RunAtLoad": True, "ProcessType": "Interactive"}
    path.write_bytes(plistlib.dumps(agent))
