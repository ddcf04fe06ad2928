"""The face: skin, the hair's shadow, nose, her left cheek and brow (which the right ones mirror)."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import (
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

_RIGHT = [(500, 178), (606, 196), (656, 262), (667, 345), (659, 418), (628, 478), (572, 527), (530, 549)]
OUTLINE = curve([*_RIGHT, (500, 555), *flip(_RIGHT[1:])[::-1]], closed=True)
BROW = (580.0, 322.0)
"""The middle of her left brow."""
BLUSH = (604.0, 466.0)
"""The middle of her left cheek."""


def _skin(painter: QPainter) -> None:
    fill(
        painter,
        OUTLINE,
        radial((486, 380), 240, (0, palette.SKIN), (0.66, palette.SKIN), (1, palette.SKIN_WARM)),
    )
    with inside(painter, OUTLINE):
        soft(painter, 9, _shades)
        soft(painter, 4, _fringe_shadow)
        for x in (BLUSH[0], 1000 - BLUSH[0]):
            warm = radial((x, BLUSH[1]), 46, (0, colour("#ff9a94", 0.34)), (1, colour("#ff9a94", 0)))
            ellipse(painter, (x, BLUSH[1]), 46, 46, warm)
        ellipse(
            painter,
            (500, 520),
            30,
            13,
            radial((500, 520), 30, (0, colour("#ffffff", 0.55)), (1, colour("#ffffff", 0))),
        )
    contour(painter, OUTLINE, 3.6, palette.SKIN_INK)


def _shades(painter: QPainter) -> None:
    """The sides of the face turn away from the light; so does the jaw on the right."""
    jaw = curve([(690, 330), (652, 430), (606, 502), (520, 552), (560, 580), (700, 520)], closed=True)
    fill(painter, jaw, colour("#f3ae9f", 0.62))
    left = curve([(310, 330), (346, 430), (384, 490), (340, 520), (300, 430)], closed=True)
    fill(painter, left, colour("#f3ae9f", 0.4))


def _fringe_shadow(painter: QPainter) -> None:
    edge = [
        (300, 150), (700, 150), (690, 470), (656, 440), (640, 350), (600, 374), (584, 330), (556, 342),
        (540, 388), (520, 338), (498, 428), (474, 332), (456, 376), (424, 340), (404, 374), (366, 336),
        (346, 440), (312, 470),
    ]  # fmt: skip
    fill(
        painter,
        curve(edge, closed=True),
        linear((0, 200), (0, 420), (0, colour("#d8808a", 0.75)), (1, colour("#f0a79c", 0.62))),
    )


def _nose(painter: QPainter) -> None:
    ellipse(
        painter,
        (499, 466),
        16,
        12,
        radial((499, 466), 16, (0, colour("#f5a99a", 0.55)), (1, colour("#f5a99a", 0))),
    )
    ink(painter, curve([(496, 461), (503, 468), (497, 472)]), 3.4, palette.SKIN_DEEP, (0.7, 0.4))
    ellipse(painter, (493, 457), 3.6, 4.4, colour("#ffffff", 0.9))


def _blush(painter: QPainter) -> None:
    x, y = BLUSH
    painter.save()
    painter.translate(x, y)
    painter.scale(1, 0.58)
    stops = ((0, 0.8), (0.5, 0.45), (1, 0))
    ellipse(
        painter, (0, 0), 54, 54, radial((0, 0), 54, *((at, colour("#ff7f86", alpha)) for at, alpha in stops))
    )
    painter.restore()
    for step in (-19, -1, 17):
        ink(
            painter,
            curve([(x + step + 7, y - 9), (x + step, y + 9)]),
            3.6,
            colour("#e2535f", 0.75),
            (0.4, 0.6),
        )


def _brow(painter: QPainter) -> None:
    x, y = BROW
    stroke = curve([(x - 42, y), (x - 16, y - 6), (x + 16, y - 6), (x + 50, y + 8)])
    ink(painter, stroke, 11.5, palette.BROW, (0.4, 0.85))


def _around(place: tuple[float, float], width: float, height: float) -> tuple[float, float, float, float]:
    x, y = place
    return (x - width, y - height, x + width, y + height)


PIECES = (
    Piece("Face", (315, 165, 685, 575), _skin),
    Piece("Nose", (470, 440, 530, 490), _nose, 1.6),
    Piece("Blush", _around(BLUSH, 60, 40), _blush, 1.0),
    Piece("Brow", _around(BROW, 62, 30), _brow, 1.8),
)
