"""A Live2D model of the user's own, or the built-in one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QPushButton

from app.i18n import Words
from app.panels.fields.text import TextField


class ModelField(TextField):
    def __init__(self, words: Words, max_length: int | None) -> None:
        super().__init__(max_length, words("settings.built-in-model"))
        self._words = words
        choose = QPushButton(words("settings.choose-model"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose)
        self.below = choose

    def _choose(self) -> None:
        words = self._words
        dialog = QFileDialog(self.window(), words("settings.choose-model-title"))
        dialog.setNameFilter(f"{words('settings.model-files')} (*.model3.json *.zip)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if self._value:
            dialog.setDirectory(str(Path(self._value).parent))
        dialog.fileSelected.connect(self.wanted)
        dialog.open()
