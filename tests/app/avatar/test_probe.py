"""What the probing process notices by itself, besides dying."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.avatar import NAME, write_whole


def status(path: Path) -> int:
    command = [sys.executable, "-P", "-m", "app.avatar.probe", str(path)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def model(folder: Path) -> Path:
    """A model whose files have the names that copies in the cache have."""
    path = write_whole(folder)
    (folder / f"{NAME}.moc3").rename(folder / "avatar.moc3")
    path.write_text(path.read_text().replace(f"{NAME}.moc3", "avatar.moc3"))
    return path


def test_a_good_model(tmp_path: Path) -> None:
    assert status(model(tmp_path)) == 0


def test_physics_that_run_into_no_number(tmp_path: Path) -> None:
    path = model(tmp_path)
    physics = tmp_path / "hair.physics3.json"
    physics.write_text(physics.read_text().replace('"Scale": 2.0', '"Scale": 1e38'))
    assert status(path) in (0, 1)


def test_one_line_kills_it(tmp_path: Path) -> None:
    path = model(tmp_path)
    path.write_text(path.read_text().replace("\n", ""))
    assert status(path) not in (0, 1)
