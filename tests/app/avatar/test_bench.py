"""That the measurement runs and says what it measured; how fast it is depends on the machine."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.support.avatar_command import avatar_command


def test_bench(rio: Path, qapp: QApplication) -> None:
    done = avatar_command("bench", "--model", rio)
    assert done.returncode == 0, done.stderr
    title, whole, python = done.stdout.splitlines()
    assert title == "300 frames of 420x546, milliseconds"
    (whole_p50, whole_p95), (python_p50, _) = (
        [float(number) for number in re.findall(r"p\d\d +([\d.]+)", line)] for line in (whole, python)
    )
    assert 0 < python_p50 < whole_p50 <= whole_p95
