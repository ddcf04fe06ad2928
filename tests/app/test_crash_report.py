"""A native crash is known at the next start, once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.crash_report import native_crash

PROGRAM = """
import ctypes, os, sys
from pathlib import Path
from app.crash_report import watch_for_crashes

sys.stderr = None  # as in a program with windows only
file = watch_for_crashes(Path(sys.argv[1]))
{end}
"""


def run(folder: Path, end: str) -> int:
    program = PROGRAM.format(end=end)
    root = Path(__file__).parents[2]
    return subprocess.run([sys.executable, "-c", program, str(folder)], cwd=root, check=False).returncode


@pytest.mark.parametrize("end", ["os.abort()", "ctypes.string_at(0)"])
def test_a_crash_is_told_once(tmp_path: Path, end: str) -> None:
    assert run(tmp_path, end) != 0
    assert "most recent call first" in native_crash(tmp_path)
    assert native_crash(tmp_path) == ""


@pytest.mark.parametrize("end", ["pass", "sys.exit(3)"])
def test_another_end_is_no_crash(tmp_path: Path, end: str) -> None:
    run(tmp_path, end)
    assert native_crash(tmp_path) == ""


def test_nothing_has_run_yet(tmp_path: Path) -> None:
    assert native_crash(tmp_path) == ""
