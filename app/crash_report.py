"""What is left of a native crash: Python's stacks, in a file that is read at the next start."""

from __future__ import annotations

import faulthandler
from pathlib import Path
from typing import IO


def native_crash(folder: Path) -> str:
    """The stacks of the last run over this data folder if it died natively, else an empty text. They are
    told once."""
    path = crash_path(folder)
    try:
        report = path.read_text(encoding="utf-8", errors="replace")
        path.unlink()
    except OSError:  # there is none, or it cannot be read: nothing to offer
        return ""
    return report


def watch_for_crashes(folder: Path) -> IO[str]:
    """A native crash of this process writes its stacks into the data folder from now on, also where there is
    no stderr. Call `native_crash` before. The caller keeps the file open. Raises OSError."""
    path = crash_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w", encoding="utf-8")
    faulthandler.enable(file)
    return file


def crash_path(folder: Path) -> Path:
    """Where the stacks lie in the data folder."""
    return folder / "logs" / "crash.txt"
