"""Icons, drawn for each size: her head, and a badge that tells what she is doing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap

from app.status import Mood

SIZES = (16, 20, 22, 24, 32, 44, 48, 64, 96, 128, 192)
"""Pixels: what trays of all systems ask for, up to three pixels for each logical one."""
_APPLICATION_SIZES = (16, 24, 32, 48, 64, 128, 256)

_HAIR = ((0.0, "#ffb199"), (0.4, "#f5808f"), (0.75, "#a887e0"), (1.0, "#74b6f7"))
_INK, _SKIN, _EYE, _CLIP = "#5a2a5c", "#fff0e6", "#2b2a5e", "#ffd25e"
_BADGES: dict[Mood, str] = {
    "listening": "#12a37a",
    "thinking": "#f0a020",
    "speaking": "#4a7df0",
    "starting": "#8a8aa3",
    "error": "#d93025",
}
_BADGE = QRectF(54, 54, 46, 46)
_GAP = 6
"""Around the badge, so that it does not melt into the hair."""


def application_icon() -> QIcon:
    """For windows and the task bar."""
    return _icon(None, _APPLICATION_SIZES)


def state_icon(mood: Mood) -> QIcon:
    """For the tray."""
    return _icon(mood, SIZES)


def picture(pixels: int, mood: Mood | None = None) -> QImage:
    """Her head on nothing, with the badge of `mood`; idle has none."""
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixels / 100, pixels / 100)  # drawn on a field of 100 x 100
    painter.setPen(Qt.PenStyle.NoPen)
    _head(painter, small=pixels < 32)
    if mood and (colour := _BADGES.get(mood)):
        _badge(painter, mood, QColor(colour))
    painter.end()
    return image


def _icon(mood: Mood | None, sizes: tuple[int, ...]) -> QIcon:
    icon = QIcon()
    for size in sizes:
        icon.addPixmap(QPixmap.fromImage(picture(size, mood)))
    return icon


def _head(painter: QPainter, *, small: bool) -> None:
    colours = QLinearGradient(0, 4, 0, 98)
    for place, colour in _HAIR:
        colours.setColorAt(place, QColor(colour))
    hair = QPainterPath(QPointF(50, 4))
    hair.cubicTo(80, 4, 95, 24, 95, 52)
    hair.cubicTo(95, 72, 92, 86, 97, 97)
    hair.cubicTo(84, 98, 76, 94, 72, 86)
    hair.lineTo(28, 86)
    hair.cubicTo(24, 94, 16, 98, 3, 97)
    hair.cubicTo(8, 86, 5, 72, 5, 52)
    hair.cubicTo(5, 24, 20, 4, 50, 4)
    painter.fillPath(hair, colours)

    face = QPainterPath(QPointF(22, 50))
    face.cubicTo(22, 78, 36, 91, 50, 93)
    face.cubicTo(64, 91, 78, 78, 78, 50)
    face.cubicTo(78, 36, 22, 36, 22, 50)
    painter.fillPath(face, QColor(_SKIN))

    fringe = QPainterPath(QPointF(16, 62))
    fringe.cubicTo(12, 30, 30, 16, 52, 16)
    fringe.cubicTo(74, 16, 88, 32, 84, 62)
    fringe.cubicTo(78, 54, 74, 48, 71, 40)
    fringe.cubicTo(64, 50, 58, 52, 50, 53)
    fringe.cubicTo(52, 49, 53, 45, 53, 41)
    fringe.cubicTo(44, 50, 36, 53, 29, 54)
    fringe.cubicTo(22, 55, 18, 58, 16, 62)
    painter.fillPath(fringe, colours)

    painter.setBrush(QColor(_EYE))
    width, height = (11, 16) if small else (9, 14)
    for x in (37, 63):
        painter.drawEllipse(QPointF(x, 65), width / 2, height / 2)
    if small:
        return
    painter.setBrush(QColor("#ffffff"))
    for x in (35.5, 61.5):
        painter.drawEllipse(QPointF(x, 61.5), 1.8, 2.2)
    painter.setBrush(QColor("#40f08a8a"))
    for x in (29, 71):
        painter.drawEllipse(QPointF(x, 75), 5, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(_INK, 2.4))
    painter.drawArc(QRectF(44, 74, 12, 8), 200 * 16, 140 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_CLIP))
    painter.drawEllipse(QPointF(82, 36), 5.5, 5.5)


def _badge(painter: QPainter, mood: Mood, colour: QColor) -> None:
    """Shapes differ as well as colours: not everybody sees those."""
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.drawEllipse(_BADGE.adjusted(-_GAP, -_GAP, _GAP, _GAP))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setBrush(colour)
    painter.drawEllipse(_BADGE)
    middle = _BADGE.center()
    painter.setBrush(QColor("#ffffff"))
    match mood:
        case "listening":  # a microphone
            painter.drawRoundedRect(QRectF(middle.x() - 5.5, 61, 11, 19), 5.5, 5.5)
            painter.setPen(_pen("#ffffff", 4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawArc(QRectF(middle.x() - 11, 65, 22, 21), 180 * 16, 180 * 16)
            painter.drawLine(QPointF(middle.x(), 87), QPointF(middle.x(), 92))
        case "thinking":
            for x in (-12, 0, 12):
                painter.drawEllipse(QPointF(middle.x() + x, middle.y()), 4.6, 4.6)
        case "speaking":  # what a sound looks like
            for x, half in ((-12, 6), (0, 14), (12, 6)):
                painter.drawRoundedRect(
                    QRectF(middle.x() + x - 3.5, middle.y() - half, 7, 2 * half), 3.5, 3.5
                )
        case "starting":  # part of a ring
            painter.setPen(_pen("#ffffff", 6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawArc(_BADGE.adjusted(11, 11, -11, -11), 90 * 16, -260 * 16)
        case _:  # an exclamation mark
            painter.drawRoundedRect(QRectF(middle.x() - 4, 61, 8, 20), 4, 4)
            painter.drawEllipse(QPointF(middle.x(), 89), 4.4, 4.4)
    painter.setPen(Qt.PenStyle.NoPen)


def _pen(colour: str, width: float) -> QPen:
    return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
