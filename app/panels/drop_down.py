"""One of several, to be chosen from a list that drops down."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_ARROW_ROOM = 26


class DropDown(QComboBox):
    """Draws its arrow itself, which style sheets can only do with a picture; what is too long gets dots."""

    def is_cut(self) -> bool:
        """Whether what is chosen does not fit."""
        return self.fontMetrics().horizontalAdvance(self.currentText()) > self._room()

    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        text = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, self._room())
        option.currentText = text  # type: ignore[attr-defined]
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QStylePainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.6)
        painter.setPen(pen)
        middle = QPointF(self.width() - _ARROW_ROOM / 2, self.height() / 2)
        corners = [middle + QPointF(-4, -2), middle + QPointF(0, 2), middle + QPointF(4, -2)]
        painter.drawPolyline(corners)
        painter.end()

    def _room(self) -> int:
        return self.width() - _ARROW_ROOM - 12
