"""Pairing with another computer: one line to paste, and what became of it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.i18n import Words
from app.theme import SPACING
from engine.client.pairing import Paired, pair
from engine.errors import CompanionError, as_companion_error
from engine.notices import sentence

log = logging.getLogger(__name__)

_WIDTH = 480


class PairingDialog(QDialog):
    """Works in a thread of its own; closing it gives up what is under way."""

    _ended = Signal(object)

    def __init__(self, words: Words, folder: Path, parent: QWidget) -> None:
        """`folder`: the data folder."""
        super().__init__(parent)
        self._words = words
        self._folder = folder
        self._work: _Work | None = None
        self._how = QLabel(words("settings.pair-how"), wordWrap=True)
        self.field = QLineEdit(placeholderText="companion:1?host=…")
        self._bar = QProgressBar(maximum=0)
        self.said = QLabel(wordWrap=True)
        self.go = QPushButton(words("settings.pair-go"))
        self.end = QPushButton(words("settings.cancel"))
        self._ended.connect(self._on_ended)
        self.setWindowTitle(words("settings.pair-title"))
        self.setMinimumWidth(_WIDTH)
        self._arrange()

    def done(self, result: int) -> None:
        if self._work:
            self._work.cancel()
        super().done(result)

    def _arrange(self) -> None:
        self.field.setAccessibleName(self._words("settings.pair-string"))
        self.field.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self._bar.setAccessibleName(self._words("settings.pair-working"))
        self._bar.hide()
        self.said.hide()
        self.go.setProperty("role", "primary")
        self.go.setEnabled(False)
        self.go.clicked.connect(self._pair)
        self.end.setAutoDefault(False)
        self.end.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.end)
        buttons.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING + SPACING // 2)
        for widget in (self._how, self.field, self._bar, self.said):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    def _pair(self) -> None:
        self.go.setEnabled(False)
        self.field.setEnabled(False)
        self._bar.show()
        self._say(self._words("settings.pair-working"))
        self._work = _Work(self.field.text().strip(), self._folder, self._ended.emit)

    def _on_ended(self, outcome: Paired | CompanionError) -> None:
        self._work = None
        self._bar.hide()
        if isinstance(outcome, CompanionError):
            self._say(sentence(outcome, self._words.language), "danger")
            self.field.setEnabled(True)
            self.field.setFocus()
            self.go.setEnabled(True)
            return
        lines = [self._words("settings.pair-done", host=outcome.host.place)]
        if not outcome.in_keyring:
            lines.append(self._words("settings.pair-in-file"))
        self._say("\n".join(lines))
        self.go.hide()
        self.end.setText(self._words("settings.close"))
        self.end.setFocus()

    def _say(self, text: str, role: str = "") -> None:
        self.said.setText(text)
        self.said.setProperty("role", role)
        self.said.style().polish(self.said)
        self.said.show()


class _Work:
    """One attempt, in a thread."""

    def __init__(self, text: str, folder: Path, ended: Callable[[object], None]) -> None:
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(pair(text, folder))
        self._tell: Callable[[object], None] | None = ended
        threading.Thread(target=self._run, name="pairing", daemon=True).start()

    def cancel(self) -> None:
        """Gives up; nothing is told then."""
        self._tell = None
        with suppress(RuntimeError):  # it has just ended
            self._loop.call_soon_threadsafe(self._task.cancel)

    def _run(self) -> None:
        outcome: Paired | CompanionError
        try:
            outcome = self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            return
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("pairing failed")
            outcome = as_companion_error(error)
        finally:
            self._loop.close()
        if tell := self._tell:
            tell(outcome)
