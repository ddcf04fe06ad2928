"""Her left eye, which the right one mirrors. Only the lights on the iris are drawn twice: both face one lamp.

The lids are functions of u = -1 (inner corner) .. 1 (outer corner), which the rig bends as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import (
    Line,
    colour,
    contour,
    curve,
    ellipse,
    fill,
    ink,
    inside,
    linear,
    radial,
    soft,
)
from assets.avatar.piece import Piece

Values = NDArray[np.float64]

EYE_X, EYE_Y = 582.0, 404.0
"""The middle of the eye."""
HALF = 53.0
"""Half the width of an eye."""
ABOVE, BELOW = 56.0, 47.0
"""How far the lids reach from the middle."""
IRIS_X, IRIS_Y = 39.0, 51.0
_SCALE = 2.0


def upper(u: Values) -> Values:
    """The height of the open upper lid: highest a little inside of the middle, the outer corner lower."""
    u = np.clip(u, -1, 1)
    return EYE_Y + 2 + 7 * u - ABOVE * (1 - np.abs(u) ** 2.5) - 5 * (1 - u * u)


def lower(u: Values) -> Values:
    """The height of the open lower lid."""
    u = np.clip(u, -1, 1)
    return EYE_Y + 2 + 7 * u + (BELOW - 4 * u) * (1 - np.abs(u) ** 2.8)


def _across(u: Values | float) -> Values:
    """The canvas x of places along the lids."""
    return EYE_X + HALF * np.asarray(u)


def _lid(height: Callable[[Values], Values], ends: tuple[float, float] = (-1, 1)) -> Line:
    u = np.linspace(*ends, 33)
    return np.stack([_across(u), height(u)], 1)


def _white(painter: QPainter) -> None:
    shape = np.concatenate([_lid(upper), _lid(lower)[::-1]])
    fill(
        painter,
        shape,
        linear(
            (0, EYE_Y - 58), (0, EYE_Y + 46),
            (0, colour("#b9a9cf")), (0.3, colour("#e9e6f5")), (0.5, palette.WHITE), (1, colour("#f3f1fa")),
        ),
    )  # fmt: skip


def _iris(painter: QPainter) -> None:
    x, y = EYE_X - 2, EYE_Y - 2
    angles = np.linspace(0, 2 * math.pi, 64, endpoint=False)
    rim = np.stack([x + IRIS_X * np.cos(angles), y + IRIS_Y * np.sin(angles)], 1)
    fill(
        painter,
        rim,
        linear(
            (0, y - IRIS_Y), (0, y + IRIS_Y),
            (0, palette.EYE_NIGHT), (0.34, palette.EYE_DEEP), (0.62, palette.EYE), (1, palette.EYE_LIGHT),
        ),
    )  # fmt: skip
    with inside(painter, rim):
        for angle in np.linspace(0.12 * math.pi, 0.88 * math.pi, 15):
            direction = np.array([math.cos(angle) * IRIS_X, math.sin(angle) * IRIS_Y])
            ray = np.array([x, y]) + np.linspace(0.5, 0.93, 6)[:, None] * direction
            ink(painter, ray, 4.2, colour("#d8fff4", 0.5), (0.9, 0.1))
        soft(painter, 3, lambda brush: ellipse(brush, (x, y + 31), 23, 13, colour("#d9fff0", 0.95)))
        soft(painter, 13, lambda brush: ellipse(brush, (x, y - 46), 52, 36, colour("#071c3a", 0.85)))
        ellipse(
            painter,
            (x, y - 2),
            16.5,
            23,
            radial((x, y + 4), 24, (0, colour("#0c3f66")), (1, colour("#06162f"))),
        )
        ellipse(
            painter,
            (x, y + 8),
            9,
            9,
            radial((x, y + 10), 10, (0, colour("#38c6d6", 0.75)), (1, colour("#38c6d6", 0))),
        )
        inner = (rim - [x, y]) * 0.86 + [x, y]
        ink(painter, inner[4:29], 3, colour("#f4ffd9", 0.75), (0.5, 0.5))
    contour(painter, rim, 5.0, colour("#082338"))


def _spark(at: tuple[float, float], size: float) -> Line:
    """A star of four rays, the comet that is in everything of hers."""
    x, y = at
    corners = []
    for step in range(8):
        reach = size if step % 2 == 0 else size * 0.26
        corners.append(
            (x + reach * math.cos(step * math.pi / 4), y + reach * math.sin(step * math.pi / 4) * 1.15)
        )
    return np.array(corners)


def _shine(side: int):
    x = 500 + side * (EYE_X - 502)

    def paint(painter: QPainter) -> None:
        painter.save()
        painter.translate(QPointF(x - 14, EYE_Y - 26))
        painter.rotate(-18)
        ellipse(painter, (0, 0), 12.5, 16, palette.WHITE)
        painter.restore()
        fill(painter, _spark((x + 17, EYE_Y + 17), 10.5), palette.WHITE)
        ellipse(painter, (x - 17, EYE_Y + 10), 4.4, 5.2, colour("#ffffff", 0.85))

    return paint


def _lash(painter: QPainter) -> None:
    u = np.linspace(-1.0, 1.04, 41)
    base = upper(u)
    grow = np.interp(u, [-1, -0.7, 0, 0.7, 1.04], [0.25, 0.75, 1, 1, 0.62])
    top = np.stack([_across(u), base - 11.5 * grow], 1)
    bottom = np.stack([_across(u), base + 3.5 * grow], 1)
    shape = np.concatenate([top, bottom[::-1]])
    brush = linear(
        (_across(-1.0).item(), 0), (_across(1.1).item(), 0),
        (0, colour("#7c3550")), (0.3, palette.LASH), (1, colour("#30122c")),
    )  # fmt: skip
    fill(painter, shape, brush)


def _tuft(painter: QPainter) -> None:
    """The lashes of the outer corner, which keep their shape when the eye closes."""
    for start, tip in (((0.62, -7), (1.2, -24)), ((0.84, -2), (1.42, -11))):
        _wing(painter, start, tip)


def _wing(painter: QPainter, start: tuple[float, float], tip: tuple[float, float]) -> None:
    """One pointed tuft of lashes at the outer corner."""
    corner = upper(np.array([start[0]])).item()
    root = np.array([_across(start[0]).item(), corner + start[1]])
    outer = upper(np.array([1.0])).item()
    end = np.array([_across(tip[0]).item(), outer + tip[1]])
    middle = (root + end) / 2
    above = np.stack([root - np.array([6, 5]), middle + np.array([0, 1]), end])
    below = np.stack([end, middle + np.array([0, 9]), root + np.array([0, 8])])
    fill(painter, np.concatenate([curve(above), curve(below)]), colour("#30122c"))


def _lash_low(painter: QPainter) -> None:
    ink(painter, _lid(lower, (-0.35, 0.97)), 4.6, colour("#6b2f48"), (0.75, 0.2))
    for u, reach in ((0.52, 9), (0.74, 9.5)):
        y = lower(np.array([u])).item()
        x = _across(u).item()
        ink(painter, curve([(x, y - 1), (x + reach * 0.7, y + reach)]), 3.6, colour("#6b2f48"), (0.02, 0.9))


def _crease(painter: QPainter) -> None:
    u = np.linspace(-0.62, 0.92, 25)
    line = np.stack([_across(u), upper(u) - 20 + 3 * u], 1)
    ink(painter, line, 3.4, colour("#b8606a"), (0.6, 0.5))


def _tear(painter: QPainter) -> None:
    """Water along the lower lid, and the drop that leaves it."""
    u = np.linspace(-0.8, 0.8, 25)
    brim = np.stack([_across(u), lower(u) - 3], 1)
    ink(painter, brim, 9, colour("#c9f1ff", 0.95), (0.5, 0.5))
    ink(painter, brim - [0, 2], 2.6, colour("#ffffff", 0.95), (0.5, 0.5))
    x, y = EYE_X + 26, lower(np.array([0.5])).item() + 10
    drop = curve(
        [(x, y - 14, 1), (x + 9, y + 4), (x + 7, y + 16), (x, y + 20), (x - 7, y + 16), (x - 9, y + 4)],
        closed=True,
    )
    fill(
        painter,
        drop,
        linear((0, y - 14), (0, y + 20), (0, colour("#e6fbff", 0.9)), (1, colour("#8fd6ff", 0.95))),
    )
    contour(painter, drop, 2.6, colour("#4a9fd0"))
    ellipse(painter, (x - 3, y + 9), 2.4, 3.6, palette.WHITE)


def _box(x: float, top: float, bottom: float) -> tuple[float, float, float, float]:
    return (x - 90, EYE_Y + top, x + 90, EYE_Y + bottom)


PIECES = (
    Piece("EyeWhite", _box(EYE_X, -80, 70), _white, _SCALE),
    Piece("Iris", _box(EYE_X, -80, 70), _iris, _SCALE),
    Piece("ShineL", _box(EYE_X, -80, 70), _shine(1), _SCALE),
    Piece("ShineR", _box(1000 - EYE_X, -80, 70), _shine(-1), _SCALE),
    Piece("Tear", _box(EYE_X, 0, 100), _tear, _SCALE),
    Piece("LashLow", _box(EYE_X, 0, 80), _lash_low, _SCALE, margin=28),
    Piece("Crease", _box(EYE_X, -100, 0), _crease, _SCALE, margin=28),
    Piece("Lash", _box(EYE_X, -100, 60), _lash, _SCALE, margin=28),
    Piece("Tuft", _box(EYE_X, -100, 60), _tuft, _SCALE),
)
