"""The mouth, drawn wide open; the rig closes and shapes it. u = -1..1 runs from corner to corner."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import colour, curve, ellipse, fill, ink, inside, linear
from assets.avatar.piece import Piece

Values = NDArray[np.float64]

MOUTH_X, MOUTH_Y = 500.0, 501.0
HALF = 40.0
DEPTH = 42.0
"""How far the lower lip hangs when the mouth is drawn."""
TEETH, TONGUE = 0.24, 0.58
"""Where the teeth end and the tongue begins, as shares of the way from the upper lip to the lower."""
_SCALE = 2.0


def upper(u: Values) -> Values:
    """The height of the upper lip as drawn."""
    return MOUTH_Y - 6 * (1 - u * u)


def lower(u: Values) -> Values:
    """The height of the lower lip as drawn."""
    return MOUTH_Y + DEPTH * np.clip(1 - np.abs(u) ** 2.4, 0, 1)


def _edge(height, reach: float = 1.0):
    u = np.linspace(-reach, reach, 41)
    return np.stack([MOUTH_X + HALF * u, height(u)], 1)


def _inside(painter: QPainter) -> None:
    shape = np.concatenate([_edge(upper), _edge(lower)[::-1]])
    fill(
        painter,
        shape,
        linear((0, MOUTH_Y - 6), (0, MOUTH_Y + DEPTH), (0, colour("#6d1c36")), (1, palette.MOUTH_INSIDE)),
    )
    with inside(painter, shape):
        u = np.linspace(-1, 1, 41)
        rise = upper(u) + TEETH * (lower(u) - upper(u))
        teeth = np.concatenate([_edge(upper), np.stack([MOUTH_X + HALF * u, rise], 1)[::-1]])
        fill(painter, teeth, colour("#ffffff"))
        top = MOUTH_Y + TONGUE * DEPTH
        tongue = curve([(462, top + 30), (478, top + 3), (500, top + 5), (522, top + 3), (538, top + 30)])
        fill(
            painter,
            tongue,
            linear((0, top), (0, MOUTH_Y + DEPTH), (0, colour("#ff9c9c")), (1, colour("#e86f7c"))),
        )
        ellipse(painter, (500, top + 9), 13, 3, colour("#ffd0cc", 0.6))


def _lip_low(painter: QPainter) -> None:
    ink(painter, _edge(lower), 4.6, palette.MOUTH_INK, (0.3, 0.3))


def _lip_up(painter: QPainter) -> None:
    ink(painter, _edge(upper, 1.03), 5.4, colour("#853243"), (0.16, 0.16))


def _lip_shade(painter: QPainter) -> None:
    """The small shadow below the lower lip."""
    ink(painter, curve([(487, 518), (500, 521), (513, 518)]), 3.4, colour("#e8a295"), (0.5, 0.5))


PIECES = (
    Piece("LipShade", (476, 508, 524, 530), _lip_shade, _SCALE),
    Piece("MouthIn", (450, 484, 550, 556), _inside, _SCALE, margin=12),
    Piece("LipLow", (440, 484, 560, 564), _lip_low, _SCALE, margin=20),
    Piece("LipUp", (440, 480, 560, 530), _lip_up, _SCALE, margin=20),
)
