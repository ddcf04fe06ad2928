"""What running processes have loaded (Linux)."""

from __future__ import annotations

from pathlib import Path


def mapped(pid: int) -> set[str]:
    """Paths of the files that a process has mapped: its executable, its libraries."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return set()
    fields = (line.split(maxsplit=5) for line in lines)
    return {each[5] for each in fields if len(each) == 6 and each[5].startswith("/")}


def descendants(pid: int) -> list[int]:
    """Processes that a process has started, and those have."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found
