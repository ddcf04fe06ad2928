"""An avatar that holds still for pictures, and what is measured on them.

Pictures are arrays (height, width, 4) of red, green, blue, alpha in 0..255, premultiplied, top row first.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.avatar.live_model import ranges
from app.avatar.renderer import AvatarView

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 420, 546
VISIBLE = 24
"""Least difference in a channel that counts as seen, of 255."""


class Box(NamedTuple):
    """A rectangle of pixels; right and bottom are just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, pixels: int) -> Box:
        return Box(self.left - pixels, self.top - pixels, self.right + pixels, self.bottom + pixels)

    def holds(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and self.right >= other.right
            and self.bottom >= other.bottom
        )


class Stage:
    """One model in a widget that is never shown."""

    def __init__(self, model: Path) -> None:
        self.ranges = ranges(model)
        self.rest = {name: values.default for name, values in self.ranges.items()}
        self._pose = self.rest
        self.view = AvatarView(model, lambda dt: self._pose)
        self.view.resize(WIDTH, HEIGHT)

    def picture(self, **values: float) -> Picture:
        """The model with these parameters, the others at rest, hair and clothes hanging as they say."""
        self._pose = {**self.rest, **values}
        self.view.advance(0.0)
        return pixels(self.view.grabFramebuffer())

    def moved(self, **values: float) -> NDArray[np.bool_]:
        """Which pixels look different from the model at rest."""
        return seen(self.picture(**values), self.picture())

    def close(self) -> None:
        self.view.dispose()


def pixels(image: QImage) -> Picture:
    """The picture in an image."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).copy()


def seen(one: Picture, other: Picture) -> NDArray[np.bool_]:
    """Which pixels of two pictures look different."""
    return np.abs(one.astype(np.int16) - other).max(axis=2) > VISIBLE


def box(mask: NDArray[np.bool_]) -> Box:
    """The smallest box around what is true; some pixel must be."""
    rows, columns = np.nonzero(mask)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
