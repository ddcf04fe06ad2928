"""The hair: a mane behind, the crown with its ring of light, a fringe in five parts, locks beside the face.

Only her left side locks are drawn; the right ones mirror them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.art.locks import Lock, draw_lock, hair_brush
from assets.avatar.drawing import Points, colour, contour, curve, fill, flip, ink, inside, linear, soft
from assets.avatar.piece import Piece

_CROWN_RIGHT = [
    (500, 84), (590, 96), (672, 142), (722, 222), (738, 318), (732, 372, 1), (700, 330), (664, 268),
]  # fmt: skip
_CROWN = curve(
    [*_CROWN_RIGHT, (600, 262), (500, 252), (400, 262), *flip(_CROWN_RIGHT[1:])[::-1]], closed=True
)

_MANE_RIGHT = [
    (500, 104), (640, 132), (744, 240), (772, 390), (776, 560), (792, 700), (826, 800), (864, 850, 1),
    (822, 842), (798, 832), (804, 900), (828, 950, 1), (782, 930), (744, 900), (742, 950), (756, 992, 1),
    (700, 966), (650, 916), (624, 962), (620, 1000, 1), (572, 966), (540, 920),
]  # fmt: skip
_MANE = curve([*_MANE_RIGHT, (500, 940), *flip(_MANE_RIGHT[1:])[::-1]], closed=True)

_BACK = tuple(
    Lock(spine, width, 0.3, strands)
    for spine, width, strands in (
        ([(668, 190), (730, 310), (744, 460), (748, 620), (802, 780)], 48, (0.1,)),
        ([(660, 300), (700, 480), (716, 640), (766, 780), (854, 848)], 92, (-0.25, 0.0, 0.25)),
        ([(640, 300), (668, 520), (690, 700), (748, 860), (822, 946)], 96, (-0.2, 0.1)),
        ([(600, 320), (632, 540), (650, 740), (690, 890), (752, 988)], 92, (-0.15, 0.2)),
    )
)

_SIDE = (
    Lock([(668, 236), (716, 330), (722, 450), (700, 560), (716, 660), (762, 726)], 62, 0.1, (-0.2, 0.12)),
    Lock(
        [(664, 240), (692, 330), (690, 460), (670, 590), (688, 700), (668, 792)], 70, 0.1, (-0.26, 0.0, 0.24)
    ),
)

_GLINT = (0.62, 0.86)
"""A fringe shows only a short streak of light; the ring on the crown is its light."""

_FRINGE = {
    "BangsOuterR": (
        Lock([(470, 128), (356, 196), (304, 292), (296, 384), (318, 476)], 74, 0.4, (0.1,), _GLINT),
        Lock([(478, 132), (384, 198), (340, 276), (332, 340), (354, 412)], 76, 0.46, (-0.15,), _GLINT),
    ),
    "BangsOuterL": (
        Lock([(530, 128), (650, 196), (696, 292), (706, 384), (688, 480)], 74, 0.4, (0.1,), _GLINT),
        Lock([(522, 132), (620, 198), (664, 276), (670, 342), (648, 416)], 78, 0.46, (-0.15,), _GLINT),
    ),
    "BangsR": (
        Lock([(486, 134), (424, 198), (386, 250), (376, 292), (398, 344)], 84, 0.5, (0.16,), _GLINT),
        Lock([(494, 136), (460, 202), (438, 258), (434, 302), (452, 352)], 70, 0.5, (-0.1,), _GLINT),
    ),
    "BangsL": (
        Lock([(514, 134), (584, 198), (620, 250), (620, 294), (594, 344)], 84, 0.5, (0.0,), _GLINT),
        Lock([(508, 136), (548, 204), (572, 258), (570, 304), (542, 358)], 78, 0.5, (0.16, -0.2), _GLINT),
    ),
    "BangsC": (
        Lock([(502, 136), (508, 206), (504, 284), (488, 346), (496, 414)], 74, 0.5, (-0.14, 0.14), _GLINT),
    ),
}
"""The locks of the fringe by piece; those in front come later."""

_STRAND = Lock([(512, 150), (530, 230), (528, 300), (512, 366), (524, 432)], 19, 0.35, (), _GLINT)
_AHOGE = (
    Lock([(498, 112), (474, 70), (486, 30), (534, 14), (578, 34)], 26, 0.16, (0.1,)),
    Lock([(500, 112), (508, 78), (540, 62), (566, 70)], 15, 0.2, ()),
)


def _mane(painter: QPainter) -> None:
    fill(
        painter,
        _MANE,
        linear(
            (0, 120), (0, 980),
            (0, colour("#c9627f")), (0.42, colour("#b4568f")), (0.72, colour("#8a68c8")),
            (1, colour("#6a8fe4")),
        ),
    )  # fmt: skip
    contour(painter, _MANE, 4.8, palette.HAIR_INK)
    brush = linear(
        (0, 240), (0, 980),
        (0, colour("#dd7388")), (0.3, colour("#dd6f93")), (0.62, colour("#a27ddb")), (1, colour("#79b8f6")),
    )  # fmt: skip
    for lock in _BACK:
        draw_lock(painter, lock, brush, weight=3.6)
        draw_lock(painter, Lock(flip(lock.spine), lock.width, lock.inked, lock.strands), brush, weight=3.6)
    with inside(painter, _MANE):
        soft(painter, 14, lambda brush: fill(brush, curve(_NECK_SHADE, closed=True), colour("#5a2460", 0.55)))


_NECK_SHADE = [(350, 420), (650, 420), (640, 560), (690, 720), (500, 800), (310, 720), (360, 560)]


def _side(painter: QPainter) -> None:
    for lock in _SIDE:
        draw_lock(painter, lock, hair_brush(150, 830, 0.7))


def _crown(painter: QPainter) -> None:
    fill(painter, _CROWN, hair_brush(90, 800, 0.85))
    with inside(painter, _CROWN):
        soft(painter, 26, _crown_shades)
    edge = _CROWN[: 5 * 10 + 1]
    contour(painter, edge, 4.6, palette.HAIR_INK, closed=False)
    contour(painter, _CROWN[-51:], 4.6, palette.HAIR_INK, closed=False)


_PARTINGS = tuple(
    ((500 + 5 * d, 101 + abs(d)), (500 + 42 * d, 122 + 5 * d * d), (500 + 70 * d, 178 + 12 * d * d))
    for d in (-2.7, -2.1, -1.5, -0.9, 0.8, 1.4, 2.0, 2.6)
)
"""Lines of the hair from the crown outwards."""


def _crown_shades(painter: QPainter) -> None:
    right = curve([(640, 110), (740, 220), (742, 380), (690, 330), (676, 230)], closed=True)
    fill(painter, right, colour("#c2507d", 0.3))
    left = curve([(330, 160), (262, 250), (264, 372), (300, 320), (318, 236)], closed=True)
    fill(painter, left, colour("#c2507d", 0.2))


def _ring_of_light(painter: QPainter) -> None:
    """The band of light around the head, broken into the strands it runs over, and lines from the crown."""
    x = np.linspace(292, 708, 57)
    bend = 192 + 58 * ((x - 500) / 214) ** 2
    teeth = np.tile([0.0, 6.0, 15.0, 26.0, 13.0, 5.0], 10)[:57] * (0.6 + 0.4 * np.sin(x / 31))
    fade = np.sin(np.linspace(0, np.pi, 57)) ** 0.5
    band = np.concatenate(
        [np.stack([x, bend - (9 + 0.5 * teeth) * fade], 1), np.stack([x, bend + (6 + teeth) * fade], 1)[::-1]]
    )
    glow = linear(
        (286, 0), (714, 0),
        (0, colour("#fff0e0", 0.0)), (0.22, colour("#fff0e0", 0.6)), (0.42, colour("#fff6ea", 0.85)),
        (0.75, colour("#fff0e0", 0.5)), (1, colour("#fff0e0", 0.0)),
    )  # fmt: skip
    fill(painter, band, glow)
    lines = [curve(line) for line in _PARTINGS]
    for first, second in ((0, 1), (2, 3), (5, 4), (7, 6)):
        wedge = np.concatenate([lines[first], (lines[first] * 0.45 + lines[second] * 0.55)[::-1]])
        fill(painter, wedge, colour(palette.HAIR_SHADE.name(), 0.16))
    for line in _PARTINGS:
        ink(painter, curve(line), 3.0, colour(palette.HAIR_SHADE.name(), 0.5), (0.3, 0.7))


def _locks(locks: Sequence[Lock]):
    def paint(painter: QPainter) -> None:
        for lock in locks:
            draw_lock(painter, lock, hair_brush(90, 800, 0.85), weight=4.0)

    return paint


def _box(*lines: Points, space: float = 64) -> tuple[float, float, float, float]:
    points = np.concatenate([np.array([point[:2] for point in line], float) for line in lines])
    (left, top), (right, bottom) = points.min(0) - space, points.max(0) + space
    return float(left), float(top), float(right), float(bottom)


BACK = (Piece("HairBack", _box(_MANE), _mane, 1.05),)
FRONT = (
    Piece("Side", _box(*(lock.spine for lock in _SIDE)), _side),
    Piece("Ahoge", _box(*(lock.spine for lock in _AHOGE)), _locks(_AHOGE)),
    Piece("Crown", _box(_CROWN), _crown),
    *(Piece(name, _box(*(lock.spine for lock in locks)), _locks(locks)) for name, locks in _FRINGE.items()),
    Piece("HairLight", (270, 85, 730, 320), _ring_of_light),
    Piece("Strand", _box(_STRAND.spine), _locks((_STRAND,))),
)
PIECES = (*BACK, *FRONT)
