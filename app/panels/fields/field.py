"""What all fields have in common: they show a value, and tell when the user wants another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.background import Background
from app.theme import SPACING
from engine.config import Value
from engine.errors import CompanionError


class Field(QWidget):
    """One setting's value. `put` shows it; nothing is `wanted` but by the user."""

    wanted = Signal(str)
    """Another value, written as `companion-engine config set` takes it."""
    refused = Signal(object)
    """CompanionError: why what the user tried is no value."""
    noted = Signal(str)
    """A sentence about the value that is shown; empty: there is nothing to say."""
    wide = False
    """True: it needs a line of its own, below what it is called."""

    def __init__(self, control: QWidget) -> None:
        """`control` gets the keyboard, and the accessible name."""
        super().__init__()
        self.control = control
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.line = QHBoxLayout()
        self.line.setSpacing(SPACING)
        self.line.addWidget(control, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        self._column.addLayout(self.line)

    def under(self, widget: QWidget) -> None:
        """Adds something that belongs to the field below it."""
        self._column.addWidget(widget)

    def put(self, value: Value) -> None:
        """Shows it."""
        raise NotImplementedError

    def stay(self, value: Value) -> None:
        """What was wanted is refused, and `value` stays in force. What is typed may stay to be mended."""
        self.put(value)

    def commit(self) -> None:
        """What is typed, and not yet wanted, is wanted now."""

    def work(self, background: Background, work: Callable[[], Any], success: Callable[[Any], None]) -> None:
        """Does something that may wait; its failure is told as a refusal. Nothing is told to a field that
        has gone meanwhile."""

        def succeed(value: Any) -> None:
            if isValid(self):
                success(value)

        def fail(error: CompanionError) -> None:
            if isValid(self):
                self.refused.emit(error)

        background.do(work, succeed, fail)


class LetsScroll(QObject):
    """Event filter: turning the wheel over a field scrolls the page, and changes no value."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False
