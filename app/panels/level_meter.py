"""How loud the microphone hears, while it is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.i18n import Words
from app.theme import SPACING, Theme

_QUIETEST_DBFS = -60.0
_TICK_MS = 50
_FALL = 0.06
"""Of the bar, each tick: rising at once and falling slowly is easier to read."""
_HEIGHT = 8


def part(level_dbfs: float) -> float:
    """How much of the bar is filled, 0..1."""
    return min(1.0, max(0.0, 1 - level_dbfs / _QUIETEST_DBFS))


class LevelMeter(QFrame):
    """Looks while it can be seen."""

    def __init__(self, words: Words, theme: Theme, key: str, level: Callable[[], float]) -> None:
        """`key` is what the user holds to talk; `level` gives RMS in dBFS."""
        super().__init__()
        self.setProperty("role", "card")
        name, how = QLabel(words("settings.level")), QLabel(words("settings.level-help", key=key))
        how.setProperty("role", "muted")
        how.setWordWrap(True)
        self.bar = Bar(theme)
        self.bar.setAccessibleName(name.text())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING)
        for widget in (name, how, self.bar):
            layout.addWidget(widget)
        self._level = level
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _tick(self) -> None:
        self.bar.fill(max(part(self._level()), self.bar.filled - _FALL))


class Bar(QWidget):
    """Filled from the left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.filled = 0.0
        self.setFixedHeight(_HEIGHT)

    def fill(self, part: float) -> None:
        """0..1."""
        if part != self.filled:
            self.filled = part
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._theme.accent_soft))
        painter.setPen(QColor(self._theme.accent_soft))
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(whole, _HEIGHT / 2, _HEIGHT / 2)
        if self.filled > 0:
            painter.setBrush(QColor(self._theme.accent))
            filled = QRectF(whole)
            filled.setWidth(max(_HEIGHT, whole.width() * self.filled))
            painter.drawRoundedRect(filled, _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
