"""The desktop app: makes the windows and wires them to one engine connection."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.body import Body, built_in
from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words, language_of
from app.preferences import Preferences
from app.status import Status
from app.talk import Devices
from app.theme import apply, theme_of
from engine import config
from engine.client.opening import open_engine

log = logging.getLogger(__name__)


class Application(QObject):
    """Everything there is while the program runs. `start` it once; `quit` ends the QApplication."""

    def __init__(self, qt: QApplication, env: Mapping[str, str], preferences: Preferences) -> None:
        """Raises EnvironmentFault when the built-in avatar is not there."""
        super().__init__()
        self._qt = qt
        self._env = env
        self._preferences = preferences
        self._words = Words(language_of(preferences.settings.general.language))
        self._theme = theme_of(preferences.settings.desktop.theme)
        apply(self._theme, qt)
        self._connection = Connection(Bridge())
        folder = config.data_dir(env)
        settings = preferences.settings
        self._body = Body(built_in(), folder / "places.json", settings.avatar.fps, self._connection.heard)
        self._connection.changed.connect(self._on_status)
        self._connection.stopped.connect(self._end)

    def start(self) -> None:
        """Shows her, and wakes the engine once she can be seen."""
        self._body.window.show()
        self._body.greet()
        self._body.once_seen(self._open_engine)

    def show(self) -> None:
        """Another start of the program wants to see this one."""
        self._body.window.show()
        self._body.greet()

    def quit(self) -> None:
        """Ends everything; what was heard is recorded first."""
        self._connection.stop()

    # ------------------------------------------------------------ inside

    def _open_engine(self) -> None:
        settings = self._preferences.settings
        self._connection.use(Devices(settings.audio.speaker, settings.audio.microphone))
        place = settings.engine.place
        self._connection.open(place, partial(open_engine, self._env, settings, place), self._words.language)

    def _on_status(self, status: Status) -> None:
        self._body.attend(status.activity)

    def _end(self) -> None:
        self._preferences.close()
        self._body.dispose()
        self._qt.quit()
