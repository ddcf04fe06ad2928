"""Every panel can be shown, in every language and theme, also on a screen with twice the pixels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
PANELS = 15


@pytest.mark.long
def test_all_are_drawn_with_twice_the_pixels(tmp_path: Path) -> None:
    env = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "packaging/panel_pictures.py", str(tmp_path)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pictures = {path.stem: QImage(str(path)) for path in tmp_path.glob("*.png")}
    assert len(pictures) == PANELS * 2 * 2
    assert pictures["chat-en-light"].width() == 2 * 520
    for name, picture in pictures.items():
        colours = {
            picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)
        }
        assert len(colours) > 10, name
