"""An avatar that holds still for pictures, and what is measured on them.

Pictures are arrays (height, width, 4) of red, green, blue, alpha in 0..255, premultiplied, top row first.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.avatar.live_model import ranges
from app.avatar.renderer import AvatarView

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 420, 546
_FPS = 30
VISIBLE = 24
"""Least difference in a channel that counts as seen, of 255."""


_NEAR = 4
"""How far from a pixel its colour is looked for."""
SOLID = 235
"""Alpha from which a pixel shows its colour as it is: a thin outline hardly has fully opaque ones."""


class Box(NamedTuple):
    """A rectangle of pixels; right and bottom are just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> int:
        return self.right - self.left

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

    def __init__(self, model: Path, scale: int = 1) -> None:
        self.ranges = ranges(model)
        self.rest = {name: values.default for name, values in self.ranges.items()}
        self._pose = self.rest
        self.view = AvatarView(model, lambda dt: self._pose)
        self.view.resize(scale * WIDTH, scale * HEIGHT)

    def picture(self, **values: float) -> Picture:
        """The model with these parameters, the others at rest, hair and clothes hanging as they say."""
        self._pose = {**self.rest, **values}
        self.view.advance(0.0)
        return pixels(self.view.grabFramebuffer())

    def swung(self, seconds: float, **values: float) -> Picture:
        """The model `seconds` after it went from rest to these parameters, hair and clothes swinging."""
        for pose in (self.rest, {**self.rest, **values}):
            self._pose = pose
            for _ in range(round(seconds * _FPS)):
                self.view.advance(1 / _FPS)
                picture = pixels(self.view.grabFramebuffer())
        return picture

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


def foreign(picture: Picture) -> NDArray[np.bool_]:
    """Which half transparent pixels have a colour, visibly so, that no solid pixel near them has: the fringe
    of wrong premultiplication, or of a texture whose colours end with its shapes."""
    alpha = picture[..., 3].astype(np.float32)
    colour = picture[..., :3] * (255 / np.maximum(alpha, 1))[..., None]
    solid = (alpha >= SOLID)[..., None]
    darkest, brightest = np.where(solid, colour, np.inf), np.where(solid, colour, -np.inf)
    for axis in (0, 1):
        darkest = np.minimum.reduce([np.roll(darkest, by, axis) for by in range(-_NEAR, _NEAR + 1)])
        brightest = np.maximum.reduce([np.roll(brightest, by, axis) for by in range(-_NEAR, _NEAR + 1)])
    outside = np.maximum(darkest - colour, colour - brightest).max(axis=2)
    outside[np.isinf(outside)] = 0  # nothing solid is near
    return (alpha < SOLID) & (outside * alpha / 255 > VISIBLE)


def strays(picture: Picture) -> NDArray[np.bool_]:
    """Which pixels are drawn but hang on nothing solid: neighbours in the texture, let in by its filter."""
    drawn = picture[..., 3] > 0
    attached = picture[..., 3] >= SOLID
    while True:
        grown = attached.copy()
        for axis, by in product((0, 1), (-1, 1)):
            grown |= np.roll(grown, by, axis)
        grown &= drawn
        if np.array_equal(grown, attached):
            return drawn & ~attached
        attached = grown
