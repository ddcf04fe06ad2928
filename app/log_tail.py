"""The last lines of a log file."""

from __future__ import annotations

from pathlib import Path

_BYTES = 64 * 1024


def tail(path: Path, lines: int) -> list[str]:
    """At most that many lines, the oldest first. Raises OSError."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - _BYTES))
        read = file.read().decode("utf-8", errors="replace").splitlines()
    whole = read if size <= _BYTES else read[1:]
    return whole[-lines:]
