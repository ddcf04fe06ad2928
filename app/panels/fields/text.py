"""A text in one line, or in several; it is wanted when the user has left it, or pressed Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from app.panels.fields.field import Field
from engine.config import Value

_LINES = 5


class TextField(Field):
    def __init__(self, max_length: int | None, hint: str) -> None:
        """`hint` stands there while it is empty."""
        self._edit = QLineEdit(placeholderText=hint)
        super().__init__(self._edit)
        self._value = ""
        if max_length:
            self._edit.setMaxLength(max_length)
        self._edit.editingFinished.connect(self.commit)

    def put(self, value: Value) -> None:
        self._value = str(value)
        if self._edit.text() != self._value:
            self._edit.setText(self._value)
            self._edit.setCursorPosition(0)

    def stay(self, value: Value) -> None:
        self._value = str(value)

    def commit(self) -> None:
        if (text := self._edit.text().strip()) != self._value:
            self._value = text
            self.wanted.emit(text)


class LongTextField(Field):
    wide = True

    def __init__(self, max_length: int | None, hint: str) -> None:
        """`hint` stands there while it is empty."""
        self._edit = QPlainTextEdit(placeholderText=hint)
        super().__init__(self._edit)
        self._value = ""
        self._max_length = max_length
        self._edit.setTabChangesFocus(True)
        self._edit.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 24)
        self._edit.installEventFilter(self)
        self._edit.textChanged.connect(self._on_typed)

    def put(self, value: Value) -> None:
        self._value = str(value)
        if self._edit.toPlainText() != self._value:
            self._edit.setPlainText(self._value)

    def stay(self, value: Value) -> None:
        self._value = str(value)

    def commit(self) -> None:
        if (text := self._edit.toPlainText().strip()) != self._value:
            self._value = text
            self.wanted.emit(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.commit()
        return False

    def _on_typed(self) -> None:
        """What is too much is not taken."""
        over = len(self._edit.toPlainText()) - (self._max_length or 10**9)
        if over > 0:
            cursor = self._edit.textCursor()
            cursor.movePosition(cursor.MoveOperation.Left, cursor.MoveMode.KeepAnchor, over)
            cursor.removeSelectedText()
