"""The icon in the tray: what she does, and the menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.actions import Actions
from app.announcing import start_up
from app.i18n import Words
from app.icons import mood_icon
from app.status import Mood, Status


class Tray(QObject):
    """Shows itself where the desktop has a tray, also when that comes later."""

    clicked = Signal()

    def __init__(self, actions: Actions, words: Words) -> None:
        super().__init__()
        self._actions = actions
        self._icons = {mood: mood_icon(mood) for mood in _MOODS}
        self._mood: Mood = "starting"
        self._menu: QMenu | None = None
        self._icon = QSystemTrayIcon(self._icons[self._mood], self)
        self._icon.activated.connect(self._on_activated)
        self.retranslate(words)
        self._icon.show()

    @property
    def available(self) -> bool:
        """Whether the desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def retranslate(self, words: Words) -> None:
        """Speaks another language from now on."""
        self._words = words
        old, self._menu = self._menu, self._actions.menu()
        self._icon.setContextMenu(self._menu)
        if old:
            old.deleteLater()

    def show(self, status: Status) -> None:
        """Shows how things are."""
        if status.mood != self._mood:
            self._mood = status.mood
            self._icon.setIcon(self._icons[status.mood])
        self._icon.setToolTip(self.tool_tip(status))

    def tool_tip(self, status: Status) -> str:
        """What the icon says of itself."""
        waking = start_up(status, self._words)
        state = waking[0] if waking else self._words(f"tray.mood-{status.mood}")
        return f"{self._words('tray.name')}\n{state}\n{self._words(f'tray.runs-{status.place}')}"

    def tell(self, text: str) -> None:
        """Tells something while she cannot be seen."""
        self._icon.showMessage(self._words("tray.name"), text, self._icons["idle"])

    def close(self) -> None:
        """To be called before the application ends."""
        self._icon.hide()
        self._icon.setContextMenu(None)  # type: ignore[arg-type]
        if self._menu:
            self._menu.deleteLater()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.clicked.emit()


_MOODS: tuple[Mood, ...] = ("idle", "listening", "thinking", "speaking", "starting", "error")
