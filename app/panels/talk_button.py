"""The button that is held to talk, with how loud the microphone hears on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from app.i18n import Words
from app.theme import Theme

_TICK_MS = 33
_QUIET_DBFS = -60.0
_LOUD_DBFS = -10.0


class TalkButton(QPushButton):
    """`pressed` and `released`, by mouse or space bar. It is released too when the keyboard goes elsewhere,
    or when it is hidden; not when the mouse leaves it while it is held."""

    def __init__(self, words: Words, theme: Theme, level_dbfs: Callable[[], float]) -> None:
        """`level_dbfs` is asked while the microphone listens."""
        super().__init__()
        self._theme = theme
        self._level_dbfs = level_dbfs
        self._level = 0.0
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._measure)
        self.setAccessibleName(words("chat.talk"))
        self.setToolTip(words("chat.talk-hint"))

    @property
    def level(self) -> float:
        """What is shown, 0..1."""
        return self._level

    def listen(self, on: bool) -> None:
        """The microphone is open, or no more."""
        if on == self._timer.isActive():
            return
        if on:
            self._timer.start()
        else:
            self._timer.stop()
            self._level = 0.0
            self.update()

    def hitButton(self, pos: QPoint) -> bool:
        """Everywhere: who holds it may let the mouse slip."""
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        if self.isDown():
            self.setDown(False)
            self.released.emit()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QRectF(self.rect()).center()
        if self._timer.isActive():
            painter.setPen(Qt.PenStyle.NoPen)
            glow = QColor(self._theme.accent)
            glow.setAlphaF(0.35)
            painter.setBrush(glow)
            radius = (0.25 + 0.25 * self._level) * self.width()
            painter.drawEllipse(centre, radius, radius)
        active = self.isDown() or self._timer.isActive()
        colour = self._theme.text if self.isEnabled() else self._theme.muted
        _paint_microphone(painter, centre, QColor(self._theme.accent if active else colour))
        painter.end()

    def _measure(self) -> None:
        loud = (self._level_dbfs() - _QUIET_DBFS) / (_LOUD_DBFS - _QUIET_DBFS)
        self._level = max(0.0, min(1.0, loud))
        self.update()


def _paint_microphone(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(centre.x() - 3, centre.y() - 9, 6, 11), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 1.6, c=Qt.PenCapStyle.RoundCap))
    painter.drawArc(QRectF(centre.x() - 6, centre.y() - 7, 12, 12), 180 * 16, 180 * 16)
    painter.drawLine(QPointF(centre.x(), centre.y() + 5), QPointF(centre.x(), centre.y() + 8.5))
    painter.drawLine(QPointF(centre.x() - 3.5, centre.y() + 8.5), QPointF(centre.x() + 3.5, centre.y() + 8.5))
