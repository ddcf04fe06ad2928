"""Nets of triangles over the pictures, in canvas pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.avatar.piece import Picture

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Net:
    points: NDArray[np.float64]
    """(n, 2)"""
    triangles: NDArray[np.int64]
    """(t, 3)"""


def grid(picture: Picture, cell: float) -> Net:
    """Cells of about `cell` canvas pixels over a picture, without those where nothing is drawn."""
    height, width = picture.alpha.shape
    columns = max(1, math.ceil(width / picture.scale / cell))
    rows = max(1, math.ceil(height / picture.scale / cell))
    xs, ys = np.linspace(0, width, columns + 1), np.linspace(0, height, rows + 1)
    seen = np.zeros((rows, columns), bool)
    for row in range(rows):
        for column in range(columns):
            top, bottom = max(0, int(ys[row]) - 1), int(ys[row + 1]) + 2
            left, right = max(0, int(xs[column]) - 1), int(xs[column + 1]) + 2
            seen[row, column] = picture.alpha[top:bottom, left:right].any()
    net = _mesh(xs, ys, seen)
    return Net((net.points + np.array([picture.left, picture.top])) / picture.scale, net.triangles)


def strip(xs: Values, base: Callable[[Values], Values], offsets: Sequence[float]) -> Net:
    """Rows that follow the curve y = base(x) at these distances: a thin stroke then bends without zigzag."""
    net = _mesh(xs, np.asarray(offsets, float), np.ones((len(offsets) - 1, len(xs) - 1), bool))
    return Net(np.stack([net.points[:, 0], base(net.points[:, 0]) + net.points[:, 1]], 1), net.triangles)


def sheet(columns: Values, rows: Values) -> Net:
    """A plain net with these columns and rows."""
    return _mesh(columns, rows, np.ones((len(rows) - 1, len(columns) - 1), bool))


def disc(centre: tuple[float, float], rx: float, ry: float) -> Net:
    """A coarse ellipse."""
    angles = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    rim = np.stack([centre[0] + rx * np.cos(angles), centre[1] + ry * np.sin(angles)], 1)
    triangles = [(0, index + 1, (index + 1) % 12 + 1) for index in range(12)]
    return Net(np.concatenate([[centre], rim]), np.array(triangles))


def _mesh(xs: Values, ys: Values, seen: NDArray[np.bool_]) -> Net:
    """Two triangles for each seen cell, and only the points they need."""
    wide = len(xs)
    corners = [row * wide + column for row, column in np.argwhere(seen)]
    triangles = np.array(
        [t for a in corners for t in ((a, a + 1, a + wide + 1), (a, a + wide + 1, a + wide))], int
    )
    used, numbers = np.unique(triangles, return_inverse=True)
    points = np.stack([xs[used % wide], ys[used // wide]], 1)
    return Net(points, numbers.reshape(-1, 3))
