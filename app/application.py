"""The desktop app: makes the windows and wires them to one engine connection."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app.actions import Actions
from app.background import Background
from app.body import Body, built_in
from app.bridge import Bridge
from app.connection import Connection
from app.hotkey import Hotkey
from app.i18n import Words, language_of
from app.panels.chat import ChatPanel
from app.panels.diagnostics import DiagnosticsPanel
from app.panels.memories import MemoriesPanel
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from app.push_to_talk import PushToTalk
from app.theme import apply, theme_of
from app.tray import Tray
from app.windows import Windows
from engine import config

log = logging.getLogger(__name__)

SETTLING_MS = 800
"""Settings that an engine reads when it starts: it starts anew once nothing was changed for so long."""


class Application(QObject):
    """Everything there is while the program runs. `start` it once; `quit` ends the QApplication."""

    def __init__(self, qt: QApplication, env: Mapping[str, str], preferences: Preferences) -> None:
        """Raises EnvironmentFault when the built-in avatar is not there."""
        super().__init__()
        self._qt = qt
        self._env = env
        self._folder = config.data_dir(env)
        self._preferences = preferences
        settings = preferences.settings
        self._words = Words(language_of(settings.general.language))
        self._theme = theme_of(settings.desktop.theme)
        apply(self._theme, qt)
        self._background = Background()
        self._connection = connection = Connection(Bridge())
        self._push_to_talk = PushToTalk(connection.press, connection.release)
        self._body = Body(built_in(), self._folder / "places.json", settings.avatar.fps, connection.heard)
        self._bubble = self._make_bubble()
        self._actions = Actions(self._words)
        self._tray = Tray(self._actions, self._words, self._theme)
        self._hotkey = Hotkey()
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._windows = Windows(
            {
                "chat": lambda: ChatPanel(self._words, self._theme, connection),
                "memories": lambda: MemoriesPanel(self._words, self._theme, connection),
                "settings": lambda: SettingsPanel(self._words, self._theme, preferences, connection),
                "diagnostics": lambda: DiagnosticsPanel(self._words, self._theme, connection),
            }
        )
        self._wire()
