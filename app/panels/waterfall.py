"""The latency waterfall: a bar for what led to each milestone of a turn, on one scale."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.i18n import Words
from app.latency import Span, spans
from app.theme import SPACING, Theme

_ROW = 26
_BAR = 12


class Waterfall(QWidget):
    """A row a milestone: what it is, its bar, how long it took."""

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self._theme = theme
        self._spans: list[Span] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words("diagnostics.latency"))

    def show_turn(self, trace: Mapping[str, float]) -> None:
        """Shows the milestones of this turn; an empty one: that there was none yet."""
        self._spans = [span for span in spans(trace) if span.milestone != "done"]  # nobody waits for that
        rows = [f"{self._name(span)}: {self._time(span)}" for span in self._spans]
        self.setAccessibleDescription("; ".join(rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, _ROW * max(1, len(self._spans)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        if not self._spans:
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._words("diagnostics.no-turn"))
            return
        names = max(metrics.horizontalAdvance(self._name(span)) for span in self._spans) + 2 * SPACING
        times = max(metrics.horizontalAdvance(self._time(span)) for span in self._spans) + 2 * SPACING
        first = min(0.0, *(span.start_ms for span in self._spans))
        whole = max(1.0, max(span.end_ms for span in self._spans) - first)
        scale = max(1.0, self.width() - names - times) / whole
        for row, span in enumerate(self._spans):
            top = row * _ROW
            painter.setPen(QColor(self._theme.text))
            painter.drawText(QRectF(0, top, names, _ROW), Qt.AlignmentFlag.AlignVCenter, self._name(span))
            bar = QRectF(
                names + (span.start_ms - first) * scale,
                top + (_ROW - _BAR) / 2,
                max(2.0, span.ms * scale),
                _BAR,
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            painter.drawRoundedRect(bar, 3, 3)
            painter.setPen(QColor(self._theme.muted))
            right = QRectF(self.width() - times, top, times, _ROW)
            painter.drawText(
                right, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._time(span)
            )

    def _name(self, span: Span) -> str:
        return self._words(f"diagnostics.{span.milestone.replace('_', '-')}")

    def _time(self, span: Span) -> str:
        return self._words("diagnostics.ms", ms=round(span.ms))
