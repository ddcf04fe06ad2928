"""On or off."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from app.panels.fields.field import Field
from app.theme import Theme
from engine.config import Value

_WIDTH, _HEIGHT = 42, 24


class SwitchField(Field):
    def __init__(self, theme: Theme) -> None:
        self._switch = Switch(theme)
        super().__init__(self._switch)
        self.line.setAlignment(self._switch, Qt.AlignmentFlag.AlignRight)
        self._switch.clicked.connect(lambda on: self.wanted.emit("true" if on else "false"))

    def put(self, value: Value) -> None:
        self._switch.setChecked(bool(value))


class Switch(QCheckBox):
    """A check box that looks like a switch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 4, _HEIGHT + 4)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.5)
        theme = self._theme
        track = QRectF(2, 2, _WIDTH, _HEIGHT)
        painter.setPen(QPen(QColor(theme.accent if self.isChecked() else theme.muted), 1.2))
        painter.setBrush(QColor(theme.accent if self.isChecked() else theme.window))
        painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#ffffff" if self.isChecked() else theme.muted))
        x = track.right() - _HEIGHT / 2 if self.isChecked() else track.left() + _HEIGHT / 2
        painter.drawEllipse(QPointF(x, track.center().y()), _HEIGHT / 2 - 5, _HEIGHT / 2 - 5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 1.2))
            painter.drawRoundedRect(track.adjusted(-1.4, -1.4, 1.4, 1.4), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()
