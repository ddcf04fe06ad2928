"""Pairs another computer: takes in the line that it has printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
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
from shiboken6 import isValid

from app.background import Background
from app.i18n import Words
from app.pairing import PairingAttempt
from app.theme import SPACING
from engine.client.pairing_string import read
from engine.errors import CompanionError
from engine.notices import notice, sentence

if TYPE_CHECKING:
    from engine.client.pairing import Paired

_WIDTH = 480


class PairingDialog(QDialog):
    """Stays open until the pairing is done, or called off."""

    paired = Signal(str)
    """Where the new host is, as address:port."""

    def __init__(self, words: Words, parent: QWidget, background: Background, folder: Path) -> None:
        """`folder` is the data folder."""
        super().__init__(parent)
        self._words = words
        self._background = background
        self._folder = folder
        self._attempt: PairingAttempt | None = None
        self.line = QLineEdit()
        self.said = QLabel()
        self.progress = QProgressBar(minimum=0, maximum=0)
        self.pair = QPushButton(words("settings.pair-now"))
        self.cancel = QPushButton(words("settings.pair-cancel"))
        self.setWindowTitle(words("settings.pair-title"))
        self.setMinimumWidth(_WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._arrange()
        self.line.textChanged.connect(lambda text: self.pair.setEnabled(bool(text.strip())))
        self.pair.clicked.connect(self._begin)
        self.cancel.clicked.connect(self.reject)

    def reject(self) -> None:
        """What is under way is called off first, and then the dialog closes by itself."""
        if self._attempt:
            self._attempt.cancel()
        else:
            super().reject()

    def _arrange(self) -> None:
        how, name = QLabel(self._words("settings.pair-how")), QLabel(self._words("settings.pair-line"))
        name.setBuddy(self.line)
        self.line.setAccessibleName(name.text().replace("&", ""))
        self.line.setPlaceholderText("companion:1?…")
        self.progress.setAccessibleName(self.windowTitle())
        self.progress.hide()
        self.said.hide()
        for label in (how, self.said):
            label.setWordWrap(True)
        self.pair.setProperty("role", "primary")
        self.pair.setDefault(True)
        self.pair.setEnabled(False)
        self.cancel.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.pair)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING + SPACING // 2)
        for widget in (how, name, self.line, self.progress, self.said):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.line.setFocus()

    def _begin(self) -> None:
        try:
            pairing = read(self.line.text())
        except CompanionError as error:
            self._say(sentence(error, self._words.language), "danger")
            return
        self._attempt = PairingAttempt(self._folder, pairing)
        self._say(self._words("settings.pairing", place=f"{pairing.host}:{pairing.port}"), "muted")
        self._busy(True)
        self._background.do(self._attempt.run, self._on_paired, self._on_failed)

    def _on_paired(self, paired: Paired) -> None:
        if not isValid(self):
            return
        self._busy(False)
        self._attempt = None
        place = paired.host.place
        text = self._words("settings.paired", place=place)
        if not paired.safe:
            text += "\n\n" + notice("token-in-file", self._words.language, host=place).message
        self._say(text, "accent")
        self.line.clear()
        self.line.setEnabled(False)
        self.pair.hide()
        self.cancel.setText(self._words("settings.pair-close"))
        self.cancel.setFocus()
        self.paired.emit(place)

    def _on_failed(self, error: CompanionError) -> None:
        if not isValid(self):
            return
        self._busy(False)
        self._attempt = None
        if error.code == "cancelled":
            self.reject()
        else:
            self._say(sentence(error, self._words.language), "danger")
            self.line.setFocus()

    def _busy(self, on: bool) -> None:
        self.progress.setVisible(on)
        self.line.setEnabled(not on)
        self.pair.setEnabled(not on)

    def _say(self, text: str, role: str) -> None:
        self.said.setProperty("role", role)
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.said.show()
        self.adjustSize()  # it may have more lines than there is room for
