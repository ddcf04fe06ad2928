"""A choice between what ships with the program and a file of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.background import Background
from app.i18n import Words
from app.panels.fields.choice import ChoiceField, Offer


class FileField(ChoiceField):
    def __init__(
        self,
        words: Words,
        offers: Iterable[Offer],
        title: str,
        kinds: str,
        trial: Callable[[Path], object] | None = None,
        background: Background | None = None,
    ) -> None:
        """`title` of the dialog, and `kinds` of files in it (`*.toml *.txt`). `trial` may wait, and raises
        CompanionError for a file that cannot be used; it needs `background`."""
        super().__init__(offers, lambda value: Path(value).name or value)
        self._words = words
        self._title = title
        self._kinds = kinds
        self._trial = trial
        self._background = background
        self.button = QPushButton(words("settings.choose-file"))
        self.button.setAccessibleName(title)
        self.button.clicked.connect(self._choose)
        self.under(self.button)
        self.cancel = QPushButton(words("settings.trial-cancel"))
        self.cancel.clicked.connect(lambda: self.stay(self._value))
        bar = QProgressBar(maximum=0)
        bar.setAccessibleName(words("settings.avatar-model-trying"))
        self._trying = QWidget()
        line = QHBoxLayout(self._trying)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(bar, 1)
        line.addWidget(self.cancel)
        self.under(self._trying)
        self._trying.hide()
        self._attempt = 0
        """Whoever is not the latest is not listened to any more."""

    def choose(self, path: str) -> None:
        """That file is wanted, once it is known to be good."""
        if self._trial is None or self._background is None:
            self.wanted.emit(path)
            return
        trial = self._trial
        self._busy(True)
        attempt = self._attempt
        self.work(self._background, lambda: trial(Path(path)), lambda _: self._on_good(path, attempt))

    def stay(self, value: str | int | float | bool) -> None:
        self._busy(False)
        super().stay(value)

    def _choose(self) -> None:
        start = str(Path(self._value).parent) if self._value else ""
        path, _ = QFileDialog.getOpenFileName(self, self._title, start, f"{self._title} ({self._kinds})")
        if path:
            self.choose(path)

    def _on_good(self, path: str, attempt: int) -> None:
        if attempt == self._attempt:
            self._busy(False)
            self.wanted.emit(path)

    def _busy(self, on: bool) -> None:
        self._attempt += 1
        self.button.setEnabled(not on)
        self._trying.setVisible(on)
        self.noted.emit(self._words("settings.avatar-model-trying") if on else "")
