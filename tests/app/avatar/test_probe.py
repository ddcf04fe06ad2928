"""What the probing process notices by itself, besides dying."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from assets.avatar.moc3.model import Axis, Rotation, RotationForm
from assets.avatar.moc3.write import to_bytes
from tests.support.avatar import CORNERS, NAME, moving_model, square, write_whole


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


def test_vertices_that_are_nowhere_at_an_extreme(tmp_path: Path) -> None:
    path = model(tmp_path)
    turns = (RotationForm(0, 0, 0, 1), RotationForm(0, 0, 0, 1e30))
    rotation = Rotation("Turn", "Part", None, (Axis("ParamCheek", (0, 1)),), turns)
    far = square(parent="Turn", keyforms=(CORNERS * np.float32(1e30),))
    (tmp_path / "avatar.moc3").write_bytes(
        to_bytes(replace(moving_model(), deformers=(rotation,), meshes=(far,)))
    )
    assert status(path) == 1


def test_one_line_kills_it(tmp_path: Path) -> None:
    path = model(tmp_path)
    path.write_text(path.read_text().replace("\n", ""))
    assert status(path) not in (0, 1)
