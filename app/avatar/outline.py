"""Where a picture can be seen, as few rectangles: what of a window is hers, and what belongs to those below.

It is coarse on purpose. The picture moves thirty times a second and the outline is taken a few times a
second, so it goes a little beyond what is drawn, or moving hair would be cut off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.avatar.rect import Rect

Outline = tuple[Rect, ...]
"""Rectangles that do not overlap, in pixels of the picture, from its top left."""

_FAINTEST = 16
"""Least alpha, of 255, that counts as drawn."""


def outline(alpha: NDArray[np.uint8], cell: int) -> Outline:
    """Covers what is drawn in a picture of alpha (height, width), 0..255, by squares of `cell` pixels and one
    more square all around, cut at the edges of the picture."""
    height, width = alpha.shape
    rows, columns = -(-height // cell), -(-width // cell)
    padded = np.zeros((rows * cell, columns * cell), bool)
    padded[:height, :width] = alpha >= _FAINTEST
    drawn = _grown(np.logical_or.reduce(padded.reshape(rows, cell, columns, cell), axis=(1, 3)))
    rectangles: list[Rect] = []
    first = 0
    for row in range(1, rows + 1):  # rows that look the same make one row of rectangles
        if row == rows or (drawn[row] != drawn[first]).any():
            top, bottom = first * cell, min(row * cell, height)
            for start, end in _runs(drawn[first]):
                left, right = start * cell, min(end * cell, width)
                rectangles.append(Rect(left, top, right - left, bottom - top))
            first = row
    return tuple(rectangles)


def inside(shape: Outline, x: float, y: float) -> bool:
    """Whether the outline covers a point."""
    return any(rectangle.holds(x, y) for rectangle in shape)


def _grown(cells: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """With every neighbour of a true cell true as well."""
    framed = np.pad(cells, 1)
    tall = framed[:-2] | framed[1:-1] | framed[2:]
    return tall[:, :-2] | tall[:, 1:-1] | tall[:, 2:]


def _runs(cells: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where the runs of true cells in a row start and end."""
    edges = np.flatnonzero(np.diff(np.pad(cells, 1).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
