"""What is kept, where, and what leaves this computer: in the user's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.i18n import Words
from app.theme import SPACING


class PrivacyPage(QWidget):
    def __init__(self, words: Words, folder: Path, show_memories: Callable[[], None]) -> None:
        """`folder`: the data folder."""
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(2 * SPACING)

        def say(text: str) -> QLabel:
            label = QLabel(text, wordWrap=True)
            layout.addWidget(label)
            return label

        say(words("settings.privacy-leaves"))
        say(words("settings.privacy-voice"))
        say(words("settings.privacy-kept"))
        place = say(str(folder))
        place.setProperty("role", "muted")
        place.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        place.setAccessibleName(words("settings.privacy-kept"))
        say(words("settings.privacy-forget"))
        open_folder = QPushButton(words("settings.open-folder"))
        open_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        memories = QPushButton(words("settings.memories"))
        memories.clicked.connect(show_memories)
        buttons = QHBoxLayout()
        buttons.addWidget(open_folder)
        buttons.addWidget(memories)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        layout.addStretch(1)
