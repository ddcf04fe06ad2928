"""Runs `python -m app.avatar`, in a process of its own: Qt allows one application a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def avatar_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Its exit code and what it wrote."""
    command = [sys.executable, "-m", "app.avatar", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
