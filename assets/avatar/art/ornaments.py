"""What she wears in her hair: a comet, and over each ear a shell that glows: a program hears by it."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QPainter

from assets.avatar.art import palette
from assets.avatar.art.comet import draw_comet
from assets.avatar.drawing import colour, contour, curve, ellipse, fill, ink, linear, radial
from assets.avatar.piece import Piece

CLIP = (648.0, 262.0)
EAR = (727.0, 402.0)
"""The middle of her left shell; the right one mirrors it."""


def _clip(painter: QPainter) -> None:
    draw_comet(painter, CLIP, 35, -62)


def _shell(painter: QPainter) -> None:
    x, y = EAR
    fin = curve(
        [(x - 8, y - 26), (x + 6, y - 66), (x + 24, y - 112, 1), (x + 30, y - 58), (x + 24, y - 12, 1)],
        closed=True,
    )
    fill(painter, fin, linear((0, y - 112), (0, y), (0, palette.CREAM), (1, palette.CREAM_SHADE)))
    ink(painter, curve([(x + 10, y - 30), (x + 18, y - 66), (x + 22, y - 98)]), 6, palette.AQUA, (0.2, 0.8))
    contour(painter, fin, 3.8, palette.CREAM_INK)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rim = np.stack([x + 30 * np.cos(angles), y + 36 * np.sin(angles)], 1)
    fill(painter, rim, linear((0, y - 36), (0, y + 36), (0, palette.CREAM), (1, palette.CREAM_SHADE)))
    contour(painter, rim, 4.2, palette.CREAM_INK)
    ellipse(painter, EAR, 20, 25, palette.JACKET_SHADE)
    ellipse(painter, EAR, 17, 21.5, palette.AQUA)
    ellipse(
        painter,
        EAR,
        12.5,
        16.5,
        radial(EAR, 17, (0, colour("#eafffb")), (0.5, palette.AQUA), (1, colour("#1f7f9c"))),
    )
    ellipse(painter, (x - 7, y - 9), 4, 5, palette.WHITE)


PIECES = (
    Piece("Clip", (590, 120, 760, 320), _clip, 1.6),
    Piece("Shell", (680, 270, 780, 450), _shell, 1.5),
)
