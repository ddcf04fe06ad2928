"""What the user can choose in the menus, and in windows by its shortcut."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.i18n import Words
from app.status import Status
from engine.client.opening import PLACES

_SHORTCUTS = {"mute": "Ctrl+M", "settings": "Ctrl+,", "quit": "Ctrl+Q"}
"""Where a window has them (`addAction`); the chat's own keys are others. Ctrl is Command on macOS."""


class Actions(QObject):
    """Connect to `triggered`, which only the user causes. A check mark tells what is so, not what was clicked
    last: it changes when `show` says so."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.talk = self._action("talk", checkable=True)
        """Checked: the microphone is open. Triggered with True to press, with False to release."""
        self.interrupt = self._action("interrupt")
        self.hands_free = self._action("hands-free", checkable=True)
        self.mute = self._action("mute", checkable=True)
        self.avatar = self._action("avatar", checkable=True)
        self.chat = self._action("chat")
        self.memories = self._action("memories")
        self.settings = self._action("settings")
        self.diagnostics = self._action("diagnostics")
        self.again = self._action("again")
        """The engine is tried again. Not to be seen while there is one."""
        self.quit = self._action("quit")
        self.places = QActionGroup(self)
        """Where the engine runs: `action.data()` is the Place."""
        self.places_menu = QMenu()
        for place in PLACES:
            action = self.places.addAction(self._action(place, checkable=True))
            action.setData(place)
            self.places_menu.addAction(action)
        self.places_menu.setToolTipsVisible(True)
        self._shown = (Status(), False, True)
        self.retranslate(words)

    def retranslate(self, words: Words) -> None:
        """Speaks this language from now on."""
        self._words = words
        self.places_menu.setTitle(words("tray.places"))
        for action in self.findChildren(QAction):
            self._name(action, action.objectName())
        self._restore()

    def show(self, status: Status, *, talking: bool, avatar: bool) -> None:
        """Marks what is so now: `talking` while the microphone is held open, `avatar` while she is to be
        seen. Nothing is triggered."""
        self._shown = (status, talking, avatar)
        self._restore()

    def _restore(self) -> None:
        status, talking, avatar = self._shown
        ready = status.link == "ready"
        self._name(self.talk, "send" if talking else "talk")
        self.talk.setChecked(talking)
        self.talk.setEnabled(ready or talking)
        self.interrupt.setEnabled(ready and status.activity in ("thinking", "speaking"))
        self.hands_free.setChecked(status.hands_free)
        self.hands_free.setEnabled(ready)
        self.mute.setChecked(status.muted)
        self.avatar.setChecked(avatar)
        self.again.setVisible(status.link in ("off", "lost"))
        for action in self.places.actions():
            action.setChecked(action.data() == status.place)

    def _action(self, name: str, *, checkable: bool = False) -> QAction:
        action = QAction(self, checkable=checkable)
        action.setObjectName(name)
        action.setShortcut(_SHORTCUTS.get(name, ""))
        if checkable:
            action.triggered.connect(self._restore)  # before whoever connects later
        return action

    def _name(self, action: QAction, code: str) -> None:
        action.setText(self._words(f"tray.{code}"))
        tip = self._words(f"tray.{code}-tip")
        action.setToolTip(tip)
        action.setStatusTip(tip)


def menu(actions: Actions) -> QMenu:
    """Everything there is to choose; the caller keeps it."""
    made = QMenu()
    made.setToolTipsVisible(True)
    made.addActions([actions.talk, actions.interrupt, actions.hands_free, actions.mute])
    made.addSeparator()
    made.addActions([actions.chat, actions.memories, actions.avatar])
    made.addSeparator()
    made.addMenu(actions.places_menu)
    made.addActions([actions.again, actions.settings, actions.diagnostics])
    made.addSeparator()
    made.addAction(actions.quit)
    return made
