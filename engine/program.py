"""How a module of ours is run as another process: from source, and in a bundle.

A bundle made by PyInstaller holds no `python` to hand modules to. Beside the program that the user starts
lie two executables which run the module they are told: `voice/companion-voice`, in a folder of its
own, is the only one that contains parts under the GPL, and contains little else; `companion-worker` does all
other work. On Windows both are console programs, since one without a console has no stdin, stdout and stderr;
NO_WINDOW keeps it out of sight.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows only
"""`creationflags` for every process of ours."""


def command_of(module: str, *arguments: str, gpl: bool = False) -> list[str]:
    """The command line that runs `module`; `gpl` says that it will load parts under the GPL."""
    if getattr(sys, "frozen", False):
        name = "voice/companion-voice" if gpl else "companion-worker"
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).parent / (name + suffix)), module, *arguments]
    # -P: modules are never taken from the current folder.
    return [sys.executable, "-P", "-m", module, *arguments]
