"""The field to write in: grows with its text, sends on Enter, and leaves Enter alone while an input method
composes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.i18n import Words

_MOST_LINES = 6


class Composer(QPlainTextEdit):
    """Shift+Enter begins a new line."""

    submitted = Signal()
    """Enter."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.setPlaceholderText(words("chat.write"))
        self.setAccessibleName(words("chat.write-name"))
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    @property
    def composing(self) -> bool:
        """An input method shows text that is not yet part of this."""
        return bool(self.textCursor().block().layout().preeditAreaText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not enter or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        elif not self.composing:
            self.submitted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as its lines, which is what a plain text's document counts its height in."""
        lines = max(1, min(_MOST_LINES, round(self.document().size().height())))
        around = self.height() - self.viewport().height() + round(2 * self.document().documentMargin())
        height = lines * QFontMetrics(self.font()).lineSpacing() + around
        if height != self.height():
            self.setFixedHeight(height)
