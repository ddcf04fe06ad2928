"""A question before something that cannot be undone; for the gravest, a word has to be typed first."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.i18n import Words
from app.theme import SPACING

_WIDTH = 440


class Confirmation(QDialog):
    """`accepted` only when the red button was pressed. Nothing is chosen by a careless Enter."""

    def __init__(
        self, words: Words, parent: QWidget, *, title: str, text: str, action: str, word: str = ""
    ) -> None:
        """`action` is what the red button says; with `word`, it stays off until that is typed."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH)
        self._word = word
        self.field = QLineEdit()
        self.confirm = QPushButton(action)
        self.cancel = QPushButton(words("memories.cancel"))
        self.confirm.setProperty("role", "danger")
        heading, body = QLabel(title), QLabel(text)
        heading.setProperty("role", "title")
        body.setTextFormat(Qt.TextFormat.PlainText)  # it may quote the user
        body.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(2 * SPACING)
        layout.addWidget(heading)
        layout.addWidget(body)
        if word:
            how = QLabel(words("memories.type-word", word=word))
            how.setWordWrap(True)
            how.setBuddy(self.field)
            self.field.setAccessibleName(how.text())
            self.field.textChanged.connect(self._on_typed)
            layout.addWidget(how)
            layout.addWidget(self.field)
            self.confirm.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout.addLayout(buttons)
        self.confirm.setAutoDefault(False)
        self.cancel.setDefault(True)
        self.confirm.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        (self.field if word else self.cancel).setFocus()

    def _on_typed(self, text: str) -> None:
        self.confirm.setEnabled(text.strip().casefold() == self._word.casefold())
