"""How loud the microphone hears, while it is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QVBoxLayout, QWidget

from app.i18n import Words
from app.theme import SPACING

QUIETEST_DBFS = -60
_TICK_MS = 50


class LevelMeter(QWidget):
    """Looks only while it can be seen."""

    def __init__(self, words: Words, level_dbfs: Callable[[], float], talk_key: str) -> None:
        super().__init__()
        self._level = level_dbfs
        self.bar = QProgressBar(minimum=QUIETEST_DBFS, maximum=0, textVisible=False)
        self.bar.setValue(QUIETEST_DBFS)
        self.bar.setAccessibleName(words("settings.level"))
        hint = QLabel(words("settings.level-hint", key=talk_key), wordWrap=True)
        hint.setProperty("role", "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, SPACING)
        layout.addWidget(QLabel(words("settings.level")))
        layout.addWidget(self.bar)
        layout.addWidget(hint)
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._look)

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _look(self) -> None:
        self.bar.setValue(max(QUIETEST_DBFS, min(0, round(self._level()))))
