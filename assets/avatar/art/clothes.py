"""Neck and clothes: a hood behind the neck, a blouse with a bow, a night-blue jacket, a pleated skirt.

All of it is drawn further down than the canvas reaches, so that no sway shows an end.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.art.comet import draw_comet
from assets.avatar.drawing import (
    Line,
    colour,
    contour,
    curve,
    ellipse,
    fill,
    flip,
    ink,
    inside,
    linear,
    radial,
    soft,
)
from assets.avatar.piece import Piece

BOTTOM = 1420.0
"""Where the drawings end, below the canvas."""


def _both(right: list[tuple[float, ...]]) -> Line:
    """A closed shape from its right half, which begins and ends on the middle line."""
    return curve([*right, *flip(right[1:-1])[::-1]], closed=True)


_HOOD = _both([(500, 560), (580, 574), (640, 616), (666, 668), (630, 720), (500, 740)])
_NECK = _both([(500, 500), (541, 500, 1), (539, 570), (546, 606), (590, 636), (560, 690), (500, 730)])
_BLOUSE = _both([(500, 640), (546, 590), (592, 640), (608, 740), (590, 880), (598, 1010), (500, 1016)])
_PANEL = [
    (552, 604, 1), (600, 632), (646, 654), (668, 700), (652, 770), (622, 850), (612, 910), (628, 990),
    (640, 1036, 1), (600, 1048), (564, 1052, 1), (560, 980), (546, 880), (556, 780), (588, 696), (584, 650),
]  # fmt: skip
_SKIRT = _both([(500, 990), (606, 990, 1), (668, 1090), (722, 1230), (766, BOTTOM, 1), (500, BOTTOM)])


def _hood(painter: QPainter) -> None:
    fill(painter, _HOOD, linear((0, 560), (0, 720), (0, palette.JACKET), (1, palette.JACKET_SHADE)))
    with inside(painter, _HOOD):
        lining = _both([(500, 592), (566, 600), (612, 640), (624, 690), (500, 740)])
        fill(painter, lining, colour("#4b3c6e"))
    contour(painter, _HOOD, 4.6, palette.JACKET_INK)


def _neck(painter: QPainter) -> None:
    fill(painter, _NECK, palette.SKIN_WARM)
    with inside(painter, _NECK):
        shade = curve([(440, 490), (560, 490), (556, 570), (520, 592), (470, 574), (440, 560)], closed=True)
        soft(painter, 3, lambda brush: fill(brush, shade, colour("#e28f8b", 0.85)))
        ink(painter, curve([(478, 640), (496, 652), (500, 668)]), 3, palette.SKIN_DEEP)
    contour(painter, _NECK[:60], 3.4, palette.SKIN_INK, closed=False)
    contour(painter, _NECK[-60:], 3.4, palette.SKIN_INK, closed=False)


def _skirt(painter: QPainter) -> None:
    fill(
        painter,
        _SKIRT,
        linear((0, 1010), (0, 1300), (0, palette.SKIRT_SHADE), (0.3, palette.SKIRT), (1, colour("#8079d0"))),
    )
    with inside(painter, _SKIRT):
        for at in (-4.2, -3.1, -2.0, -1.0, 0.0, 1.0, 2.0, 3.1, 4.2):
            fold = curve([(500 + 32 * at, 1030), (500 + 44 * at, 1180), (500 + 62 * at, BOTTOM)])
            dark = curve([(500 + 32 * at, 1030), (500 + 44 * at + 16, 1180), (500 + 62 * at + 32, BOTTOM)])
            fill(painter, np.concatenate([fold, dark[::-1]]), colour(palette.SKIRT_SHADE.name(), 0.8))
            ink(painter, fold, 3.6, palette.SKIRT_INK, (0.2, 0.02))
        for y, width, tint in ((1236, 12, palette.CREAM), (1256, 5, palette.AQUA)):
            hem = curve([(230, y - 26), (360, y + 4), (500, y + 12), (640, y + 4), (770, y - 26)])
            ink(painter, hem, width, tint, (0.01, 0.01))
        shade = curve([(300, 1000), (700, 1000), (690, 1090), (500, 1110), (310, 1090)], closed=True)
        soft(painter, 10, lambda brush: fill(brush, shade, colour("#1d1a48", 0.6)))
    contour(painter, _SKIRT, 4.6, palette.SKIRT_INK)


def _torso(painter: QPainter) -> None:
    fill(
        painter,
        _BLOUSE,
        linear((400, 0), (600, 0), (0, palette.CREAM_SHADE), (0.35, palette.CREAM), (1, palette.CREAM_SHADE)),
    )
    with inside(painter, _BLOUSE):
        folds = [
            [(468, 770), (486, 840), (482, 900)],
            [(530, 780), (520, 850), (528, 930)],
            [(470, 880), (484, 930), (478, 976)],
        ]
        for fold in folds:
            ink(painter, curve(fold), 5, colour("#d9bdbb", 0.9), (0.5, 0.5))
        ink(painter, curve([(500, 720), (500, 980)]), 2.6, colour("#c4a3a6"), (0.02, 0.02))
        for y in (826, 880, 934):
            ellipse(painter, (500, y), 6, 6, palette.GOLD_SHADE)
            ellipse(painter, (499, y - 1), 4, 4, palette.GOLD)
        soft(painter, 8, _panel_shadows)
    belt = curve([(394, 974), (500, 982), (606, 974), (612, 1012), (500, 1022), (388, 1012)], closed=True)
    fill(painter, belt, palette.SKIRT_SHADE)
    contour(painter, belt, 4, palette.SKIRT_INK)
    buckle = curve([(478, 984, 1), (522, 984, 1), (522, 1016, 1), (478, 1016, 1)], closed=True)
    fill(painter, buckle, palette.GOLD)
    contour(painter, buckle, 3.4, palette.GOLD_INK)
    for mirrored in (False, True):
        _panel(painter, mirrored)
    draw_comet(painter, (583, 806), 14, -72)


def _panel_shadows(painter: QPainter) -> None:
    inner = [(596, 690), (552, 780), (540, 880), (552, 980), (556, 1070), (640, 1070), (640, 690)]
    fill(painter, curve(inner, closed=True), colour("#a27c92", 0.75))
    fill(painter, curve(flip(inner), closed=True), colour("#a27c92", 0.6))


def _panel(painter: QPainter, mirrored: bool) -> None:
    """One half of the jacket, open in front."""
    turn = flip if mirrored else list
    shape = curve(turn(_PANEL), closed=True)
    fill(
        painter,
        shape,
        linear(
            (0, 620), (0, 1060), (0, palette.JACKET_LIGHT), (0.4, palette.JACKET), (1, palette.JACKET_SHADE)
        ),
    )
    with inside(painter, shape):
        dark = [
            (660, 690), (622, 760), (606, 860), (594, 930), (612, 1010), (650, 1070), (720, 1000), (700, 700),
        ]  # fmt: skip
        soft(painter, 7, lambda brush: fill(brush, curve(turn(dark), closed=True), colour("#1c2350", 0.75)))
        fold = curve(turn([(622, 846), (596, 876), (574, 886)]))
        ink(painter, fold, 4, palette.JACKET_INK, (0.1, 0.9))
        band = curve(turn([(680, 1010), (612, 1024), (540, 1030), (540, 1090), (690, 1080)]), closed=True)
        fill(painter, band, palette.CREAM)
        ink(painter, curve(turn([(660, 1014), (610, 1024), (556, 1029)])), 4.5, palette.AQUA, (0.01, 0.01))
        for x in range(574, 650, 12):
            ink(painter, curve(turn([(x, 1033), (x + 2, 1054)])), 2.2, palette.CREAM_SHADE, (0.1, 0.1))
    pocket = curve(turn([(572, 956), (590, 932), (610, 922)]))
    for width, tint in ((11, palette.JACKET_INK), (6.5, palette.CREAM), (2.6, palette.AQUA)):
        ink(painter, pocket, width, tint, (0.1, 0.1))
    edge = curve(turn([(564, 1052), (560, 980), (546, 880), (556, 780), (588, 696), (584, 650), (556, 608)]))
    ink(painter, edge, 11, palette.CREAM, (0.03, 0.03))
    ink(painter, edge + np.array([-4.5 if mirrored else 4.5, 0]), 3, palette.AQUA, (0.03, 0.03))
    contour(painter, shape, 4.4, palette.JACKET_INK)


def _collar(painter: QPainter) -> None:
    """The wings of the blouse's collar and the bow before them."""
    wing = [(500, 696, 1), (532, 632), (543, 574, 1), (580, 604), (604, 662), (582, 710, 1), (540, 704)]
    for turn in (list, flip):
        shape = curve(turn(wing), closed=True)
        fill(painter, shape, linear((0, 610), (0, 716), (0, palette.CREAM), (1, palette.CREAM_SHADE)))
        ink(painter, curve(turn([(512, 694), (546, 694), (578, 700)])), 3.4, palette.AQUA, (0.1, 0.1))
        contour(painter, shape, 3.8, palette.CREAM_INK)
    for turn in (list, flip):
        tail = curve(
            turn([(500, 704, 1), (528, 740), (548, 806, 1), (528, 798), (512, 812, 1), (504, 760)]),
            closed=True,
        )
        _bow_part(painter, tail)
        loop = curve(
            turn([(504, 702), (540, 672), (580, 668), (590, 700), (578, 738), (540, 732)]), closed=True
        )
        _bow_part(painter, loop)
        ink(painter, curve(turn([(514, 704), (542, 696), (566, 700)])), 3.4, colour("#9c2e58"), (0.1, 0.8))
    ellipse(painter, (500, 706), 17, 17, palette.GOLD_INK)
    ellipse(painter, (500, 706), 13.5, 13.5, palette.GOLD)
    ellipse(
        painter,
        (500, 706),
        9.5,
        9.5,
        radial((500, 709), 11, (0, colour("#d4fffb")), (0.6, palette.AQUA), (1, colour("#2aa8b8"))),
    )
    ellipse(painter, (497, 702), 3, 3, palette.WHITE)


def _bow_part(painter: QPainter, shape: Line) -> None:
    fill(
        painter,
        shape,
        linear((0, 668), (0, 812), (0, colour("#ff8f97")), (0.45, colour("#e9567c")), (1, colour("#c23a6d"))),
    )
    contour(painter, shape, 3.8, colour("#6b1c44"))


PIECES = (
    Piece("Hood", (310, 540, 690, 760), _hood),
    Piece("Skirt", (180, 980, 820, 1440), _skirt, 1.0),
    Piece("Neck", (400, 480, 600, 750), _neck),
    Piece("Torso", (300, 580, 700, 1090), _torso),
    Piece("Collar", (380, 560, 620, 830), _collar, 1.5),
)
