"""Her left hand in three shapes, all hanging from the wrist; the right hand mirrors it.

Places are given from the wrist, before the hand's `_SIZE`: at rest she shows its back, open its palm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.art.arms import WRIST
from assets.avatar.drawing import Points, contour, curve, fill, ink, linear, normals, progress
from assets.avatar.piece import Piece

_SIZE = 1.12
_IN_CUFF = 20.0
"""How far below the wrist the hand begins; what is above lies in the cuff."""
_LINE = 3.0
_BOX = (620, 1040, 800, 1230)


@dataclass(frozen=True)
class Finger:
    root: tuple[float, float]
    joint: tuple[float, float]
    tip: tuple[float, float]
    width: float


@dataclass(frozen=True)
class Hand:
    behind: Sequence[Finger]
    """Fingers whose roots the palm covers."""
    palm: Points
    """Around it, beginning along the fingers' roots."""
    unlined: int
    """That many points at its beginning have no line."""
    before: Sequence[Finger] = ()
    creases: Sequence[Points] = ()


_RELAXED = Hand(
    behind=(
        Finger((23, 58), (25, 82), (20, 104), 14),
        Finger((12, 62), (14, 92), (8, 118), 15.5),
        Finger((-1, 64), (0, 96), (-6, 124), 16),
        Finger((-14, 62), (-15, 90), (-20, 116), 16),
    ),
    palm=[(-20, 70), (0, 76), (26, 66), (31, 44), (26, 12), (20, -4), (-22, -4), (-25, 14), (-25, 44)],
    unlined=2,
    before=(Finger((-20, 26), (-33, 52), (-31, 82), 15.5),),
)
_OPEN = Hand(
    behind=(
        Finger((25, 54), (41, 78), (53, 100), 14.5),
        Finger((12, 62), (21, 94), (27, 124), 16),
        Finger((-3, 64), (-4, 98), (-5, 131), 16.5),
        Finger((-17, 60), (-27, 90), (-35, 118), 16),
        Finger((-22, 24), (-46, 44), (-62, 64), 16.5),
    ),
    palm=[(-20, 70), (2, 77), (27, 66), (33, 42), (27, 12), (20, -4), (-22, -4), (-28, 14), (-30, 40)],
    unlined=2,
    creases=([(-22, 42), (-8, 32), (-2, 12)], [(-14, 54), (4, 46), (22, 50)]),
)
_POINTING = Hand(
    behind=(Finger((-16, 56), (-19, 92), (-21, 126), 16.5),),
    palm=[(-24, 66), (-4, 80), (22, 74), (34, 50), (29, 14), (20, -4), (-22, -4), (-27, 14), (-29, 44)],
    unlined=1,
    before=(
        Finger((26, 62), (24, 48), (20, 38), 15),
        Finger((13, 70), (11, 54), (7, 40), 16.5),
        Finger((-2, 72), (-3, 56), (-5, 42), 16.5),
        Finger((-26, 26), (-20, 48), (-4, 60), 16),
    ),
)


def _skin():
    return linear((0, 10), (0, 108), (0, palette.SKIN_SHADE), (0.3, palette.SKIN_WARM), (1, palette.SKIN))


def _draw_finger(painter: QPainter, finger: Finger) -> None:
    """One finger, round at its tip, open where it joins the palm."""
    line = curve([finger.root, finger.joint, finger.tip])
    widths = finger.width * np.interp(progress(line), [0, 0.45, 0.85, 1], [1, 1, 0.86, 0.72])
    side = normals(line) * widths[:, None] / 2
    direction = math.atan2(*(line[-1] - line[-3])[::-1])
    angles = direction + np.linspace(math.pi / 2, -math.pi / 2, 9)[1:-1]
    cap = line[-1] + np.stack([np.cos(angles), np.sin(angles)], 1) * widths[-1] / 2
    shape = np.concatenate([line + side, cap, (line - side)[::-1]])
    fill(painter, shape, _skin())
    contour(painter, shape, _LINE, palette.SKIN_INK, closed=False)


def _drawn(hand: Hand):
    def paint(painter: QPainter) -> None:
        painter.translate(WRIST[0], WRIST[1] + _IN_CUFF)
        painter.scale(_SIZE, _SIZE)
        for finger in hand.behind:
            _draw_finger(painter, finger)
        fill(painter, curve(hand.palm, closed=True), _skin())
        contour(painter, curve(hand.palm[hand.unlined :]), _LINE, palette.SKIN_INK, closed=False)
        for finger in hand.before:
            _draw_finger(painter, finger)
        for crease in hand.creases:
            ink(painter, curve(crease), 2.3, palette.SKIN_DEEP, (0.4, 0.5))

    return paint


PIECES = (
    Piece("HandRelaxed", _BOX, _drawn(_RELAXED), 1.6),
    Piece("HandOpen", _BOX, _drawn(_OPEN), 1.6),
    Piece("HandPointing", _BOX, _drawn(_POINTING), 1.6),
)
