"""The sleeves of her left arm (the viewer's right), which the right arm mirrors.

Each ends round at its joints, with the joint as centre, so that it can turn there without a gap.
"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import Line, colour, contour, curve, fill, ink, inside, linear, soft
from assets.avatar.piece import Piece

SHOULDER = (635.0, 704.0)
ELBOW = (684.0, 876.0)
WRIST = (716.0, 1040.0)
_TOP, _MIDDLE = 42.0, 40.0
"""Radius of the sleeve at shoulder and elbow."""


def _round(centre: tuple[float, float], radius: float, start: float, end: float) -> list[tuple[float, float]]:
    """Points of an arc from angle to angle, in degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 9))
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


_UPPER_SLEEVE = curve(
    [*_round(SHOULDER, _TOP, 164, 344), (704, 790), *_round(ELBOW, _MIDDLE, -16, 164), (612, 786)],
    closed=True,
)
_LOWER_SLEEVE = curve(
    [
        *_round(ELBOW, _MIDDLE, 172, 344),
        (744, 950),
        (770, 1026),
        (776, 1062),
        (722, 1082),
        (662, 1078),
        (658, 1042),
        (648, 956),
    ],
    closed=True,
)


_STRIPE = curve([(650, 650), (672, 720), (702, 836), (718, 890), (740, 970), (758, 1046)])
_DARK = curve(
    [
        (560, 730),
        (606, 760),
        (638, 820),
        (658, 890),
        (672, 960),
        (684, 1040),
        (700, 1100),
        (600, 1100),
        (540, 820),
    ],
    closed=True,
)
"""Stripe and shade run over both sleeves: no joint shows while the arm hangs."""


def _cloth(painter: QPainter, shape: Line) -> None:
    fill(painter, shape, linear((0, 650), (0, 820), (0, palette.JACKET_LIGHT), (1, palette.JACKET)))
    with inside(painter, shape):
        soft(painter, 6, lambda brush: fill(brush, _DARK, colour("#1c2350", 0.72)))
        ink(painter, _STRIPE, 7, palette.CREAM, (0.01, 0.01))
        ink(painter, _STRIPE, 3, palette.AQUA, (0.01, 0.01))


def _upper_sleeve(painter: QPainter) -> None:
    shape = _UPPER_SLEEVE
    _cloth(painter, shape)
    with inside(painter, shape):
        for fold in ([(626, 806), (646, 816), (664, 810)], [(704, 790), (690, 806), (678, 808)]):
            ink(painter, curve(fold), 3.6, palette.JACKET_INK, (0.1, 0.9))
    contour(
        painter,
        np.roll(_UPPER_SLEEVE, -60, axis=0)[: len(_UPPER_SLEEVE) - 48],
        4.4,
        palette.JACKET_INK,
        closed=False,
    )


def _lower_sleeve(painter: QPainter) -> None:
    shape = _LOWER_SLEEVE
    _cloth(painter, shape)
    with inside(painter, shape):
        for fold in (
            [(648, 926), (676, 936), (694, 928)],
            [(764, 990), (742, 1004), (722, 1006)],
            [(654, 1000), (682, 1006), (700, 1000)],
        ):
            ink(painter, curve(fold), 4, palette.JACKET_INK, (0.1, 0.9))
        cuff = curve([(640, 1042), (716, 1046), (790, 1024), (800, 1100), (640, 1110)], closed=True)
        fill(
            painter,
            cuff,
            linear(
                (656, 0), (776, 0), (0, palette.CREAM_SHADE), (0.4, palette.CREAM), (1, palette.CREAM_SHADE)
            ),
        )
        ink(painter, curve([(652, 1044), (716, 1047), (778, 1026)]), 4.5, palette.AQUA, (0.01, 0.01))
    contour(painter, shape[80:], 4.4, palette.JACKET_INK, closed=False)
    ink(painter, curve([(656, 1039), (716, 1042), (772, 1022)]), 3, palette.JACKET_INK, (0.02, 0.02))


_UPPER_BOX = (560, 630, 760, 950)
_LOWER_BOX = (620, 820, 800, 1110)


def _elbow(painter: QPainter) -> None:
    """The edge of the bent elbow; while the arm hangs it is not there."""
    ink(painter, _LOWER_SLEEVE[:81], 4.4, palette.JACKET_INK, (0.12, 0.12))


PIECES = (
    Piece("UpperArm", _UPPER_BOX, _upper_sleeve),
    Piece("Forearm", _LOWER_BOX, _lower_sleeve),
    Piece("Elbow", _LOWER_BOX, _elbow),
)
