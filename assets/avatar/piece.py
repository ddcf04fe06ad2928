"""A piece is one drawing that moves as a whole: painted on its own, cropped, then placed in the texture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from assets.avatar.drawing import pixels_of

SCALE = 1.33
"""Texture pixels per canvas pixel, where a piece does not ask for more."""


@dataclass(frozen=True)
class Piece:
    """What to paint, and where."""

    name: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom in canvas pixels; the drawing stays within."""
    paint: Callable[[QPainter], None]
    scale: float = SCALE
    margin: int = 0
    """Texture pixels kept empty around it, for meshes that reach past the ink."""


@dataclass(frozen=True)
class Picture:
    """A painted piece without its empty border."""

    name: str
    left: int
    top: int
    """Texture pixels from the canvas' origin, at `scale`."""
    scale: float
    pixels: NDArray[np.uint8]
    """(height, width, 4) blue, green, red, alpha, premultiplied."""

    @property
    def alpha(self) -> NDArray[np.uint8]:
        return self.pixels[..., 3]


def paint(piece: Piece) -> Picture:
    """Paints a piece. Raises ValueError where the drawing touches the edge of its box or is empty."""
    left, top, right, bottom = (round(side * piece.scale) for side in piece.box)
    image = QImage(right - left, bottom - top, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-left, -top)
    painter.scale(piece.scale, piece.scale)
    piece.paint(painter)
    painter.end()
    pixels = pixels_of(image)
    rows, columns = (np.flatnonzero(pixels[..., 3].max(axis)) for axis in (1, 0))
    if not len(rows):
        raise ValueError(f"the drawing {piece.name} is empty; check its box {piece.box}")
    edges = (rows[0], columns[0], image.height() - 1 - rows[-1], image.width() - 1 - columns[-1])
    if min(edges) == 0:
        raise ValueError(f"the drawing {piece.name} is cut by its box {piece.box}; make the box larger")
    space = 2 + piece.margin
    cropped = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    padded = np.pad(cropped, ((space, space), (space, space), (0, 0)))
    return Picture(
        piece.name, left + int(columns[0]) - space, top + int(rows[0]) - space, piece.scale, padded
    )
