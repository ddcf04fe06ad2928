"""What the user can do from the tray and from the menu on her: each thing once, with its state."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.i18n import Words
from app.status import Status
from engine.client.opening import PLACES, Place


class Actions(QObject):
    """All of them are made for one language; `retranslate` changes it."""

    placed = Signal(str)
    """The user wants the engine at this Place."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.talk = self._make(checkable=True)
        """On: the key to talk goes down; off: up."""
        self.interrupt = self._make()
        self.hands_free = self._make(checkable=True)
        self.mute = self._make(checkable=True)
        self.avatar = self._make(checkable=True)
        """On: she can be seen."""
        self.chat = self._make()
        self.memories = self._make()
        self.settings = self._make()
        self.diagnostics = self._make()
        self.again = self._make()
        """The engine is started again."""
        self.quit = self._make()
        self._group = QActionGroup(self)
        self.places: dict[Place, QAction] = {place: self._make(checkable=True) for place in PLACES}
        for place, action in self.places.items():
            self._group.addAction(action)
            action.triggered.connect(lambda _checked, place=place: self.placed.emit(place))
        self.retranslate(words)

    def retranslate(self, words: Words) -> None:
        """Speaks another language from now on."""
        self._words = words
        named = {
            "talk": self.talk,
            "interrupt": self.interrupt,
            "hands-free": self.hands_free,
            "mute": self.mute,
            "avatar": self.avatar,
            "chat": self.chat,
            "memories": self.memories,
            "settings": self.settings,
            "diagnostics": self.diagnostics,
            "again": self.again,
            "quit": self.quit,
            **{f"place-{place}": action for place, action in self.places.items()},
        }
        for name, action in named.items():
            action.setText(words(f"tray.{name}"))

    def show(self, status: Status, *, talking: bool, avatar: bool) -> None:
        """Shows how things are: `talking`, the key to talk is held; `avatar`, she can be seen."""
        ready = status.link == "ready"
        # This emits `toggled` and not `triggered`, which is kept for the user.
        self.talk.setChecked(talking)
        self.hands_free.setChecked(status.hands_free)
        self.mute.setChecked(status.muted)
        self.avatar.setChecked(avatar)
        self.places[status.place].setChecked(True)
        self.talk.setText(self._words("tray.send" if talking else "tray.talk"))
        self.talk.setEnabled(ready)
        self.hands_free.setEnabled(ready)
        self.interrupt.setEnabled(status.activity in ("thinking", "speaking"))
        self.again.setVisible(status.link in ("lost", "off"))

    def menu(self, parent: QWidget | None = None) -> QMenu:
        """A menu of all of them, in their language."""
        menu = QMenu(parent)
        menu.addActions([self.talk, self.interrupt, self.hands_free, self.mute])
        menu.addSeparator()
        menu.addActions([self.avatar, self.chat, self.memories, self.settings])
        places = menu.addMenu(self._words("tray.places"))
        places.addActions(list(self.places.values()))
        menu.addActions([self.again, self.diagnostics])
        menu.addSeparator()
        menu.addAction(self.quit)
        return menu

    def _make(self, *, checkable: bool = False) -> QAction:
        action = QAction(self)
        action.setCheckable(checkable)
        return action
