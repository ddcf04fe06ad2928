"""What a model looks like, drawn by the Live2D core in a child process with a window's surface."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

Colour = tuple[int, int, int, int]

needs_display = pytest.mark.skipif(
    sys.platform == "linux" and not os.environ.get("DISPLAY"), reason="drawing needs a display (xvfb-run)"
)
SIZE = 400
CHILD = """
import json, sys
import live2d
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtOpenGL import QOpenGLFramebufferObject

size = int(sys.argv[1])
app = QGuiApplication([])
surface = QOffscreenSurface()
surface.create()
context = QOpenGLContext()
assert context.create() and context.makeCurrent(surface)
buffer = QOpenGLFramebufferObject(size, size)
buffer.bind()
context.functions().glViewport(0, 0, size, size)
live2d.enableLog(False)
live2d.init()
live2d.glInit()
colours = []
for path in sys.argv[3:]:
    model = live2d.Model()
    model.LoadModelJson(path)
    model.Resize(size, size)
    model.Update(0)
    live2d.clearBuffer(0, 0, 0, 0)
    model.Draw()
    picture = buffer.toImage()
    colours.append([picture.pixelColor(*at).getRgb() for at in json.loads(sys.argv[2])])
    del model
print(flush=True)
print(json.dumps(colours))
"""


def drawn(paths: Sequence[Path], *places: tuple[float, float]) -> list[list[Colour]]:
    """For each model of a canvas one unit wide and high: its colours (red, green, blue, alpha, 0..255) at
    places given in units from the middle, y downward."""
    pixels = [[round((x + 0.5) * SIZE), round((y + 0.5) * SIZE)] for x, y in places]
    command = [sys.executable, "-c", CHILD, str(SIZE), json.dumps(pixels), *map(str, paths)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return [[tuple(colour) for colour in colours] for colours in json.loads(run.stdout.splitlines()[-1])]
