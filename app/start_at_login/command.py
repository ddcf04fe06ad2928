"""The command that starts this installation of the program."""

from __future__ import annotations

import sys
from pathlib import Path


def command() -> list[str]:
    """A bundle's executable; from source, the script that set-up has put beside Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    name = "companion.exe" if sys.platform == "win32" else "companion"
    return [str(Path(sys.executable).with_name(name))]
