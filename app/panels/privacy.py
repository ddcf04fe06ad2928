"""What is stored where, and what leaves the computer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from app.i18n import Words
from app.theme import SPACING


class PrivacyNote(QFrame):
    """The facts of docs/privacy.md that matter at a desktop."""

    def __init__(self, words: Words, folder: Path, show_memories: QPushButton) -> None:
        """`folder` is the data folder."""
        super().__init__()
        self.setProperty("role", "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING)
        for title, text in (
            (words("settings.privacy-leaves-title"), words("settings.privacy-leaves")),
            (words("settings.privacy-kept-title"), words("settings.privacy-kept")),
            (words("settings.privacy-where-title"), words("settings.privacy-where")),
        ):
            heading, body = QLabel(title), QLabel(text)
            heading.setProperty("role", "heading")
            body.setWordWrap(True)
            body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(heading)
            layout.addWidget(body)
            layout.addSpacing(SPACING)
        path = QLineEdit(str(folder), readOnly=True)
        path.setAccessibleName(words("settings.privacy-folder"))
        self.open = QPushButton(words("settings.privacy-open"))
        self.open.setEnabled(folder.is_dir())
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        where = QHBoxLayout()
        where.setSpacing(SPACING)
        where.addWidget(path, 1)
        where.addWidget(self.open)
        layout.addLayout(where)
        layout.addWidget(show_memories, 0, Qt.AlignmentFlag.AlignLeft)
