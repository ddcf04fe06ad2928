"""The texture: all pictures packed into one square, their colours running on into what is empty around them.

Without that, the texture's filter would mix the black of fully transparent pixels into every edge.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from assets.avatar.piece import Picture

SIZE = 2048
GAP = 3
"""Empty pixels between two pictures, besides the margin each picture has itself."""
_BLEED = 6
"""How far colours run on beyond the edges, in pixels."""

Place = tuple[int, int]


def pack(sizes: dict[str, tuple[int, int]], size: int = SIZE) -> dict[str, Place]:
    """Left and top for each (width, height): each is laid as high as it goes, the tallest first.

    Raises ValueError when they do not fit.
    """
    floor = np.zeros(size, int)
    places = {}
    for name, (width, height) in sorted(sizes.items(), key=lambda item: (-item[1][1], item[0])):
        wide = width + GAP
        tops = np.lib.stride_tricks.sliding_window_view(floor, wide).max(1) if wide <= size else np.array([])
        if not len(tops) or tops.min() + height > size:
            raise ValueError(
                f"the texture of {size} pixels is full at {name}; draw something at a lower scale"
            )
        left = int(tops.argmin())
        places[name] = (left, int(tops[left]))
        floor[left : left + wide] = tops[left] + height + GAP
    return places


class Atlas:
    """Where each picture lies in the texture."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self._pictures = {picture.name: picture for picture in pictures}
        sizes = {name: (p.alpha.shape[1], p.alpha.shape[0]) for name, p in self._pictures.items()}
        self.places = pack(sizes)

    def picture(self, name: str) -> Picture:
        return self._pictures[name]

    def uvs(self, name: str, points: NDArray[np.float64]) -> NDArray[np.float32]:
        """Where canvas points, (n, 2), lie in the texture, 0..1."""
        picture = self._pictures[name]
        offset = np.array(self.places[name]) - [picture.left, picture.top]
        return ((points * picture.scale + offset) / SIZE).astype(np.float32)

    def image(self) -> QImage:
        """The texture, with straight alpha."""
        pixels = np.zeros((SIZE, SIZE, 4), np.uint8)
        for name, picture in self._pictures.items():
            left, top = self.places[name]
            height, width = picture.alpha.shape
            pixels[top : top + height, left : left + width] = picture.pixels
        straight = _bleed(_straight(pixels))
        return QImage(straight.tobytes(), SIZE, SIZE, 4 * SIZE, QImage.Format.Format_ARGB32).copy()


def _straight(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Colours freed from their alpha."""
    alpha = pixels[..., 3:].astype(np.float32)
    colours = pixels[..., :3] * (255 / np.maximum(alpha, 1)) + 0.5
    return np.concatenate([np.minimum(colours, 255).astype(np.uint8), pixels[..., 3:]], 2)


def _bleed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Gives transparent pixels the colour of a coloured neighbour, step by step outwards."""
    known = pixels[..., 3] > 0
    for _ in range(_BLEED):
        for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
            neighbour = np.roll(known, step, axis)
            take = neighbour & ~known
            pixels[take, :3] = np.roll(pixels, step, axis)[take, :3]
            known = known | take
    return pixels
