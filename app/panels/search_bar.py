"""The field to search a conversation with."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.i18n import Words
from app.theme import SPACING

_PAUSE_MS = 150
"""After the last key, before it is searched."""


class SearchBar(QWidget):
    """Hidden until it is opened."""

    changed = Signal(str)
    """Search for this; empty: for nothing any more."""
    step_wanted = Signal(int)
    """-1: to the match before, +1: to the one after."""
    closed = Signal()

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.field = QLineEdit(placeholderText=words("chat.find-hint"))
        self.field.setAccessibleName(words("chat.find-hint"))
        self._said = QLabel()
        self._said.setProperty("role", "muted")
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.changed.emit(self.needle))
        self.field.textChanged.connect(self._pause.start)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._said)
        for sign, code, step in (("↑", "before", -1), ("↓", "after", 1), ("✕", "close", 0)):
            button = QToolButton()
            button.setText(sign)
            button.setToolTip(words(f"chat.find-{code}"))
            button.setAccessibleName(words(f"chat.find-{code}"))
            button.clicked.connect(lambda _=False, step=step: self._do(step))
            layout.addWidget(button)
        QShortcut(QKeySequence(Qt.Key.Key_F3), self, lambda: self._do(-1))
        QShortcut(QKeySequence("Shift+F3"), self, lambda: self._do(1))
        self.hide()

    @property
    def needle(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    def open(self) -> None:
        """Shows itself; what was searched before is chosen, ready to be overwritten."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        if self.needle:
            self.changed.emit(self.needle)

    def close_search(self) -> None:
        """Searches for nothing any more."""
        self._pause.stop()
        self.hide()
        self.changed.emit("")
        self.closed.emit()

    def say(self, text: str) -> None:
        """What was found."""
        self._said.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            later = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._do(1 if later else -1)
        else:
            super().keyPressEvent(event)

    def _do(self, step: int) -> None:
        if not step:
            self.close_search()
        elif self._pause.isActive():
            self._pause.stop()
            self.changed.emit(self.needle)
        else:
            self.step_wanted.emit(step)
