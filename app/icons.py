"""The program's icon, drawn: a face with her hair, and in the corner what she is doing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QLinearGradient, QPainter, QPainterPath, QPen, QPixmap, QTransform

from app.status import Mood

SIZES = (16, 20, 22, 24, 32, 48, 64, 128, 256)
_HAIR = "#ff8f7a", "#7d6cf0"
"""Top and tips."""
_SKIN = "#fff0e4"
_EYE = "#1f7f95"
_STAR = "#ffd24a"
_BADGES: dict[Mood, str] = {
    "listening": "#18a058",
    "thinking": "#5b54c9",
    "speaking": "#e0559a",
    "error": "#d03050",
}


def application_icon() -> QIcon:
    """Of windows and of the bundle."""
    return mood_icon("idle")


def mood_icon(mood: Mood) -> QIcon:
    """Of the tray."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(draw(mood, size))
    return icon


def draw(mood: Mood, size: int) -> QPixmap:
    """The icon, `size` pixels high and wide."""
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 64, size / 64)
    _face(painter, awake=mood != "starting")
    if mood in _BADGES:
        _badge(painter, mood)
    if mood == "starting":
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        painter.fillRect(QRectF(0, 0, 64, 64), QColor(0, 0, 0, 140))
    painter.end()
    return picture


def _face(painter: QPainter, *, awake: bool) -> None:
    hair = QLinearGradient(0, 6, 0, 62)
    hair.setColorAt(0, QColor(_HAIR[0]))
    hair.setColorAt(1, QColor(_HAIR[1]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hair)
    back = QPainterPath(QPointF(32, 4))
    back.cubicTo(54, 4, 62, 20, 61, 36)
    back.cubicTo(60.5, 48, 63, 54, 58, 61)
    back.cubicTo(46, 57, 18, 57, 6, 61)
    back.cubicTo(1, 54, 3.5, 48, 3, 36)
    back.cubicTo(2, 20, 10, 4, 32, 4)
    painter.drawPath(back)
    painter.setBrush(QColor(_SKIN))
    painter.drawEllipse(QRectF(13, 20, 38, 36))
    painter.setBrush(hair)
    fringe = QPainterPath(QPointF(10, 34))
    fringe.cubicTo(8, 12, 24, 8, 32, 8)
    fringe.cubicTo(40, 8, 56, 12, 54, 34)
    fringe.quadTo(48, 30, 45, 22)
    fringe.quadTo(40, 31, 32, 33)
    fringe.quadTo(35, 27, 34, 22)
    fringe.quadTo(26, 33, 10, 34)
    painter.drawPath(fringe)
    painter.setBrush(QColor(_EYE))
    if awake:
        painter.drawEllipse(QRectF(19.5, 34, 8, 11))
        painter.drawEllipse(QRectF(36.5, 34, 8, 11))
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawEllipse(QRectF(21, 35.5, 3.2, 3.6))
        painter.drawEllipse(QRectF(38, 35.5, 3.2, 3.6))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(QColor(_EYE), 3))
        painter.drawArc(QRectF(19, 33, 9, 8), 180 * 16, 180 * 16)
        painter.drawArc(QRectF(36, 33, 9, 8), 180 * 16, 180 * 16)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(QColor("#c05a5a"), 2.4))
    painter.drawArc(QRectF(28, 44, 8, 6), 190 * 16, 160 * 16)
    _star(painter, QPointF(49, 17), 8)


def _star(painter: QPainter, centre: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(_STAR))
    points = [
        centre + QTransform().rotate(36 * step).map(QPointF(0, -radius if step % 2 == 0 else -0.45 * radius))
        for step in range(10)
    ]
    painter.drawPolygon(points)


def _pen(colour: QColor | Qt.GlobalColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


def _badge(painter: QPainter, mood: Mood) -> None:
    painter.setPen(QPen(Qt.GlobalColor.white, 3))
    painter.setBrush(QColor(_BADGES[mood]))
    painter.drawEllipse(QRectF(35, 35, 27, 27))
    white = _pen(Qt.GlobalColor.white, 4.2)
    painter.setPen(white)
    match mood:
        case "listening":  # a microphone
            painter.setBrush(Qt.GlobalColor.white)
            painter.drawLine(QPointF(48.5, 44), QPointF(48.5, 48))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_pen(Qt.GlobalColor.white, 2.4))
            painter.drawArc(QRectF(43, 43.5, 11, 10), 200 * 16, 140 * 16)
            painter.drawLine(QPointF(48.5, 54), QPointF(48.5, 57))
        case "thinking":  # three dots
            for x in (42.5, 48.5, 54.5):
                painter.drawPoint(QPointF(x, 48.5))
        case "speaking":  # waves
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for x, half in ((42.5, 2.0), (48.5, 6.0), (54.5, 3.5)):
                painter.drawLine(QPointF(x, 48.5 - half), QPointF(x, 48.5 + half))
        case _:  # an exclamation mark
            painter.drawLine(QPointF(48.5, 41.5), QPointF(48.5, 49.5))
            painter.drawPoint(QPointF(48.5, 55.5))
