"""The comet in her hair."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from assets.avatar.art.clothes import draw_comet
from assets.avatar.piece import Piece

CLIP = (648.0, 262.0)


def _clip(painter: QPainter) -> None:
    draw_comet(painter, CLIP, 35, -62)


PIECES = (Piece("Clip", (590, 120, 760, 320), _clip, 1.6),)
