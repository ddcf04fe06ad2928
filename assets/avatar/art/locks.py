"""How a lock of hair is drawn: a tapering band along a spine, with strands, a shaded side and a light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QBrush, QColor, QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import (
    Line,
    Points,
    colour,
    contour,
    curve,
    fill,
    ink,
    inside,
    linear,
    normals,
    progress,
    ribbon,
)

_PROFILE = ((0.0, 0.16, 0.4, 0.62, 0.82, 0.93, 1.0), (0.62, 0.86, 1.0, 0.93, 0.58, 0.28, 0.0))
"""Width along a lock, from its root to its tip."""


@dataclass(frozen=True)
class Lock:
    """One lock of hair, from its root to its tip."""

    spine: Points
    width: float
    inked: float = 0.16
    """The share of its length at the root that melts into the hair above, without a line."""
    strands: tuple[float, ...] = (-0.22, 0.18)
    """Where its finer lines run, across the width: -0.5..0.5."""
    streak: tuple[float, float] = (0.22, 0.9)
    """The shares of its length between which a streak of light runs down its bright side."""


def hair_brush(top: float = 90, bottom: float = 930, lilac: float = 0.62) -> QBrush:
    """The colours of the hair from the crown down to the tips."""
    return linear(
        (0, top), (0, bottom),
        (0, palette.HAIR_TOP), (0.2, palette.HAIR), (0.2 + (lilac - 0.2) * 0.5, palette.HAIR_ROSE),
        (lilac, palette.HAIR_LILAC), (1, palette.HAIR_BLUE),
    )  # fmt: skip


def draw_lock(
    painter: QPainter, lock: Lock, brush: QBrush, line: QColor = palette.HAIR_INK, weight: float = 4.4
) -> None:
    """Paints a lock: colour, the side away from the light, strands, a streak of light, and its edge."""
    spine = curve(lock.spine)
    s = progress(spine)
    widths = lock.width * np.interp(s, *_PROFILE)
    shape = ribbon(spine, widths)
    fill(painter, shape, brush)
    across = normals(spine)
    dark = across if np.sum(across[:, 0]) > 0 else -across
    with inside(painter, shape):
        deep = 0.5 - 0.34 * np.clip((s - lock.inked) / 0.3, 0, 1)
        edge = spine + dark * (widths * deep)[:, None]
        shade = np.concatenate([edge, (spine + dark * (widths * 0.7)[:, None])[::-1]])
        fill(painter, shade, colour("#b5457f", 0.26))
        light = _cut(spine - dark * (widths * 0.3)[:, None], *lock.streak)
        ink(painter, light, lock.width * 0.1, colour("#fff3e6", 0.5), (0.5, 0.6))
    for place in lock.strands:
        strand = spine + across * (widths * place)[:, None]
        ink(
            painter,
            _cut(strand, 0.3 + abs(place) * 0.4, 0.97),
            2.4,
            colour(palette.HAIR_DEEP.name(), 0.62),
            (0.7, 0.4),
        )
    first = round(len(spine) * lock.inked)
    half = len(spine)
    contour(
        painter,
        np.concatenate([shape[first:half], shape[half : 2 * half - first]]),
        weight,
        line,
        closed=False,
    )


def _cut(line: Line, start: float, end: float) -> Line:
    s = progress(line)
    return line[(s >= start) & (s <= end)]
