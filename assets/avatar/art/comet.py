"""Her sign, a comet: she wears it in her hair and on her jacket."""

from __future__ import annotations

import math

from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.drawing import Line, contour, curve, fill, ink, linear


def draw_comet(painter: QPainter, at: tuple[float, float], size: float, turn: float) -> None:
    """A star with three streaks behind it; `turn` is the direction of the streaks in degrees."""
    painter.save()
    painter.translate(*at)
    painter.rotate(turn)
    for offset, reach, tint in (
        (-0.5, 2.5, palette.AQUA),
        (0.5, 2.2, palette.AQUA),
        (0.0, 3.3, palette.GOLD_LIGHT),
    ):
        streak = curve(
            [
                (0, offset * size),
                (reach * 0.5 * size, offset * size * 1.25),
                (reach * size, offset * size * 1.1),
            ]
        )
        ink(painter, streak, size * 0.52, palette.GOLD_INK, (0.05, 0.95))
        ink(painter, streak, size * 0.32, tint, (0.05, 0.95))
    star = _star(size)
    fill(
        painter,
        star,
        linear(
            (-size, -size),
            (size, size),
            (0, palette.GOLD_LIGHT),
            (0.5, palette.GOLD),
            (1, palette.GOLD_SHADE),
        ),
    )
    contour(painter, star, max(size * 0.15, 2.6), palette.GOLD_INK)
    painter.restore()


def _star(size: float) -> Line:
    """A plump five-pointed star around the origin."""
    corners: list[tuple[float, ...]] = []
    for step in range(10):
        reach = size if step % 2 == 0 else size * 0.56
        angle = -math.pi / 2 + 0.3 + step * math.pi / 5
        corners.append((reach * math.cos(angle), reach * math.sin(angle)))
    return curve(corners, closed=True)
