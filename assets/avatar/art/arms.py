"""Sleeves and hands of her left arm (the viewer's right); the right arm is their mirror image.

Each sleeve ends round at its joints, with the joint as centre, so that it can turn there without a gap. A hand comes in
three shapes, all hanging from the wrist: at rest, open as for waving, and with the forefinger out.
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
    [*_round(SHOULDER, _TOP, 164, 344), (704, 790), *_round(ELBOW, _MIDDLE, -16, 164), (612, 786)], closed=True
)
_LOWER_SLEEVE = curve(
    [*_round(ELBOW, _MIDDLE, 172, 344), (744, 950), (770, 1026), (776, 1062), (722, 1082), (662, 1078), (658, 1042), (648, 956)],
    closed=True,
)


def _cloth(painter: QPainter, shape: Line, top: float, bottom: float) -> None:
    fill(
        painter,
        shape,
        linear((0, top), (0, bottom), (0, palette.JACKET_LIGHT), (1, palette.JACKET)),
    )


def _upper_sleeve(painter: QPainter) -> None:
    shape = _UPPER_SLEEVE
    _cloth(painter, shape, 650, 820)
    with inside(painter, shape):
        dark = curve([(560, 730), (606, 760), (640, 830), (668, 930), (600, 940), (540, 820)], closed=True)
        soft(painter, 6, lambda brush: fill(brush, dark, colour("#1c2350", 0.75)))
        for fold in ([(640, 848), (662, 856), (682, 848)], [(716, 826), (702, 850), (688, 856)]):
            ink(painter, curve(fold), 4, palette.JACKET_INK, (0.1, 0.9))
        stripe = curve([(650, 650), (672, 720), (708, 860), (724, 930)])
        ink(painter, stripe, 7, palette.CREAM, (0.01, 0.01))
        ink(painter, stripe, 3, palette.AQUA, (0.01, 0.01))
    contour(painter, np.roll(_UPPER_SLEEVE, -60, axis=0)[: len(_UPPER_SLEEVE) - 48], 4.4, palette.JACKET_INK, closed=False)


def _lower_sleeve(painter: QPainter) -> None:
    shape = _LOWER_SLEEVE
    _cloth(painter, shape, 600, 830)
    with inside(painter, shape):
        dark = curve([(640, 850), (668, 930), (682, 1040), (700, 1100), (620, 1100), (610, 900)], closed=True)
        soft(painter, 6, lambda brush: fill(brush, dark, colour("#1c2350", 0.7)))
        stripe = curve([(704, 832), (718, 890), (740, 970), (758, 1040)])
        ink(painter, stripe, 7, palette.CREAM, (0.01, 0.01))
        ink(painter, stripe, 3, palette.AQUA, (0.01, 0.01))
        for fold in ([(648, 926), (676, 936), (694, 928)], [(764, 990), (742, 1004), (722, 1006)], [(654, 1000), (682, 1006), (700, 1000)]):
            ink(painter, curve(fold), 4, palette.JACKET_INK, (0.1, 0.9))
        cuff = curve([(640, 1042), (716, 1046), (790, 1024), (800, 1100), (640, 1110)], closed=True)
        fill(painter, cuff, linear((656, 0), (776, 0), (0, palette.CREAM_SHADE), (0.4, palette.CREAM), (1, palette.CREAM_SHADE)))
        ink(painter, curve([(652, 1044), (716, 1047), (778, 1026)]), 4.5, palette.AQUA, (0.01, 0.01))
    contour(painter, shape[80:], 4.4, palette.JACKET_INK, closed=False)
    ink(painter, curve([(656, 1039), (716, 1042), (772, 1022)]), 3, palette.JACKET_INK, (0.02, 0.02))


def _finger(painter: QPainter, base: tuple[float, float], middle: tuple[float, float], tip: tuple[float, float], width: float) -> None:
    """One finger, round at its tip, open where it joins the palm."""
    line = curve([base, middle, tip])
    s = np.linspace(0, 1, len(line))
    widths = 1.12 * width * np.interp(s, [0, 0.45, 0.85, 1], [1, 1, 0.86, 0.72])
    along = line[-1] - line[-3]
    angle = math.degrees(math.atan2(along[1], along[0]))
    step = np.gradient(line, axis=0)
    step /= np.hypot(step[:, 0], step[:, 1])[:, None]
    side = np.stack([-step[:, 1], step[:, 0]], 1) * widths[:, None] / 2
    cap = np.array(_round((line[-1][0], line[-1][1]), widths[-1] / 2, angle + 90, angle - 90))
    shape = np.concatenate([line + side, cap[1:-1], (line - side)[::-1]])
    fill(painter, shape, _SKIN)
    contour(painter, shape, 3.4, palette.SKIN_INK, closed=False)


_SKIN = linear((0, 1070), (0, 1180), (0, palette.SKIN_SHADE), (0.3, palette.SKIN_WARM), (1, palette.SKIN))


def _palm(painter: QPainter, outline: list[tuple[float, ...]], open_from: int) -> None:
    """The palm over the roots of the fingers; the edge between the fingers stays without a line."""
    shape = curve(outline, closed=True)
    fill(painter, shape, _SKIN)
    contour(painter, curve(outline[open_from:]), 3.4, palette.SKIN_INK, closed=False)


def _place(points: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    return [(WRIST[0] + 1.12 * x, WRIST[1] + 20 + 1.12 * y, *rest) for x, y, *rest in points]


def _hand(painter: QPainter, fingers: list[tuple], palm: list[tuple[float, ...]], open_from: int, over: list[tuple] = ()) -> None:  # type: ignore[assignment]
    for base, middle, tip, width in fingers:
        _finger(painter, *(_place([base, middle, tip])), width)  # type: ignore[arg-type]
    _palm(painter, _place(palm), open_from)
    for base, middle, tip, width in over:
        _finger(painter, *(_place([base, middle, tip])), width)  # type: ignore[arg-type]


def _relaxed(painter: QPainter) -> None:
    _hand(
        painter,
        [
            ((23, 58), (25, 82), (20, 104), 14),
            ((12, 62), (14, 92), (8, 118), 15.5),
            ((-1, 64), (0, 96), (-6, 124), 16),
            ((-14, 62), (-15, 90), (-20, 116), 16),
        ],
        [(-20, 70), (0, 76), (26, 66), (31, 44), (26, 12), (20, -4), (-22, -4), (-25, 14), (-25, 44)],
        2,
        [((-20, 26), (-33, 52), (-31, 82), 15.5)],
    )


def _open(painter: QPainter) -> None:
    _hand(
        painter,
        [
            ((25, 54), (41, 78), (53, 100), 14.5),
            ((12, 62), (21, 94), (27, 124), 16),
            ((-3, 64), (-4, 98), (-5, 131), 16.5),
            ((-17, 60), (-27, 90), (-35, 118), 16),
            ((-22, 24), (-46, 44), (-62, 64), 16.5),
        ],
        [(-20, 70), (2, 77), (27, 66), (33, 42), (27, 12), (20, -4), (-22, -4), (-28, 14), (-30, 40)],
        2,
    )
    for line in ([(-22, 42), (-8, 32), (-2, 12)], [(-14, 54), (4, 46), (22, 50)]):
        ink(painter, curve(_place(line)), 2.6, palette.SKIN_DEEP, (0.4, 0.5))


def _point(painter: QPainter) -> None:
    _hand(
        painter,
        [((-16, 56), (-19, 92), (-21, 126), 16.5)],
        [(-24, 66), (-4, 80), (22, 74), (34, 50), (29, 14), (20, -4), (-22, -4), (-27, 14), (-29, 44)],
        1,
        [
            ((26, 62), (24, 48), (20, 38), 15),
            ((13, 70), (11, 54), (7, 40), 16.5),
            ((-2, 72), (-3, 56), (-5, 42), 16.5),
            ((-26, 26), (-20, 48), (-4, 60), 16),
        ],
    )


_UPPER_BOX = (560, 630, 760, 950)
_LOWER_BOX = (620, 820, 800, 1110)
_HAND_BOX = (620, 1040, 800, 1230)
PIECES = (
    Piece("UpperArm", _UPPER_BOX, _upper_sleeve),
    Piece("HandRelaxed", _HAND_BOX, _relaxed, 1.6),
    Piece("HandOpen", _HAND_BOX, _open, 1.6),
    Piece("HandPoint", _HAND_BOX, _point, 1.6),
    Piece("Forearm", _LOWER_BOX, _lower_sleeve),
)
