"""Her icon among those of the system: what she is doing, at a glance, and the menu."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.announcing import start_up
from app.i18n import Words
from app.icons import state_icon
from app.status import STAGES, Mood, Status


class Tray(QObject):
    """Without `available` the desktop has no tray, and her own menu must do."""

    clicked = Signal()
    """With the left button. Not on macOS, where that opens the menu."""

    def __init__(self, menu: QMenu, words: Words) -> None:
        super().__init__()
        self._words = words
        self._icons: dict[Mood, QIcon] = {}
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(menu)
        self._icon.activated.connect(self._on_activated)
        self.show(Status())
        self._icon.show()

    @property
    def available(self) -> bool:
        """Whether there is a tray now; one that comes later is taken as well."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, status: Status) -> None:
        """Icon and tool tip tell this from now on."""
        mood = status.mood
        if mood not in self._icons:
            self._icons[mood] = state_icon(mood)
        self._icon.setIcon(self._icons[mood])
        self._icon.setToolTip(told(status, self._words))

    def retranslate(self, words: Words) -> None:
        """Speaks another language from the next `show` on."""
        self._words = words

    def tell(self, text: str) -> None:
        """A message that the system shows for a while, if it can."""
        self._icon.showMessage(self._words("tray.name"), text, self._icon.icon())

    def close(self) -> None:
        """The icon goes."""
        self._icon.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.clicked.emit()


def told(status: Status, words: Words) -> str:
    """What the tool tip says of this moment: a line for what she is called, does, lacks, and where she is."""

    lines = [words("tray.name")]
    if waking := start_up(status, words):
        lines.append(waking[0])
    else:
        lines.append(words("tray.mood-off" if status.link == "off" else f"tray.mood-{status.mood}"))
    failed = [words(f"application.{stage}") for stage in STAGES if status.failed(stage)]
    if failed:
        lines.append(words("tray.failed", stages=words("application.and").join(failed)))
    if status.muted:
        lines.append(words("tray.muted"))
    if status.link != "off":
        lines.append(words(f"tray.place-{status.place}"))
    return "\n".join(lines)
