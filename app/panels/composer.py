"""The field to write in: grows with its text, sends on Enter, and leaves Enter alone while an input method
composes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QPlainTextEdit

from app.i18n import Words

LOWEST = 38
"""Height with one line, in logical pixels."""
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
        """As high as its lines are in the fonts they need, up to a few; from then on they are scrolled."""
        text = (
            self.blockBoundingGeometry(self.document().lastBlock()).translated(-self.contentOffset()).bottom()
        )
        most = _MOST_LINES * QFontMetrics(self.font()).lineSpacing()
        scrolled = text > most
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if scrolled else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        around = self.height() - self.viewport().height() + 2 * self.document().documentMargin()
        height = max(LOWEST, round(min(text, most) + around))
        if height != self.height():
            self.setFixedHeight(height)
