"""The desktop app: makes her, the tray and the panels, and wires them to one engine connection."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from app.actions import Actions, menu
from app.announcing import Announcement, announcement, start_up, why, why_lost
from app.avatar import live2d_setup
from app.avatar.live_model import needs_blend_modes
from app.avatar.opening.opening import open_model
from app.background import Background
from app.body import Body, built_in
from app.bridge import Bridge
from app.bubble import Bubble
from app.child_offer import offer_child
from app.connection import Connection
from app.effects import effect_of
from app.hotkey import Hotkey
from app.hotkey.keys import shown
from app.i18n import Words, language_of
from app.panels.chat import ChatPanel
from app.panels.diagnostics import DiagnosticsPanel
from app.panels.memories import MemoriesPanel
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from app.push_to_talk import Holder, PushToTalk
from app.start_at_login import set_start_at_login
from app.status import Status
from app.talk import DeviceNews, Devices
from app.theme import apply, theme_of
from app.tray import Tray
from app.windows import Name, Windows
from engine import config
from engine.client.opening import open_engine
from engine.errors import CompanionError, EnvironmentFault
from engine.log_file import log_path
from engine.messages import HistoryList, ServerMessage, TranscriptEvent

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
        self._connection = Connection(Bridge())
        self._background = Background()
        self._finding_out = Background()
        self._push_to_talk = PushToTalk(self._connection.press, self._connection.release)
        settings = preferences.settings
        self._words = Words(language_of(settings.general.language))
        self._theme = theme_of(settings.desktop.theme)
        apply(self._theme, qt)
        self._body = Body(
            built_in(), self._folder / "places.json", settings.avatar.fps, self._connection.heard
        )
        self._actions = Actions(self._words)
        self._menu = menu(self._actions)
        self._tray = Tray(self._menu, self._words)
        self._hotkey = Hotkey()
        self._windows = Windows(self._panel)
        self._visible = True
        self._bubble = self._make_bubble()
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._told: CompanionError | None = None
        self._hinted = self._ending = False
        self._wire()

    def start(self, *, after_crash: bool = False) -> None:
        """Shows her, and wakes the engine once she can be seen. `after_crash`: the last run died in native
        code."""
        if after_crash:
            self._offer_child()
        self._body.window.show()
        self._body.greet()
        self._body.once_seen(self._begin)

    def show(self) -> None:
        """Another start of the program wants to see this one."""
        self._show_avatar(True)
        self._body.greet()
        self._windows.show("chat")

    def quit(self) -> None:
        """Ends everything; what was heard is recorded first."""
        self._ending = True
        self._push_to_talk.let_go()
        self._hotkey.close()
        self._windows.close()
        self._bubble.hide()
        self._body.window.hide()
        self._tray.close()
        self._connection.stop()

    # ------------------------------------------------------------ made and wired

    def _wire(self) -> None:
        connection, actions, window = self._connection, self._actions, self._body.window
        connection.changed.connect(self._on_status)
        connection.arrived.connect(self._on_news)
        connection.stopped.connect(self._end)
        self._preferences.changed.connect(self._on_settings)
        self._settling.timeout.connect(self._open_engine)
        self._hotkey.pressed.connect(lambda: self._hold("hotkey", True))
        self._hotkey.released.connect(lambda: self._hold("hotkey", False))
        self._hotkey.failed.connect(self._complain)
        window.held.connect(lambda on: self._hold("avatar", on))
        window.placed.connect(lambda place: self._bubble.beside(place))
        window.menu_asked.connect(self._show_menu)
        self._tray.clicked.connect(lambda: self._windows.toggle("chat"))
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._renew())
        actions.talk.triggered.connect(lambda on: self._hold("tray", on))
        actions.interrupt.triggered.connect(connection.interrupt)
        actions.hands_free.triggered.connect(connection.listen_hands_free)
        actions.mute.triggered.connect(connection.mute)
        actions.avatar.triggered.connect(self._show_avatar)
        actions.again.triggered.connect(connection.again)
        actions.quit.triggered.connect(self.quit)
        actions.chat.triggered.connect(lambda: self._windows.show("chat"))
        actions.memories.triggered.connect(lambda: self._windows.show("memories"))
        actions.settings.triggered.connect(lambda: self._windows.show("settings"))
        actions.diagnostics.triggered.connect(lambda: self._windows.show("diagnostics"))
        actions.places.triggered.connect(lambda action: self._change("engine.place", action.data()))

    def _make_bubble(self) -> Bubble:
        bubble = Bubble(self._words, self._theme, self._connection.heard)
        bubble.show_subtitles = self._preferences.settings.avatar.subtitles
        bubble.beside(self._body.window.geometry())
        bubble.appear(self._visible)
        return bubble

    def _panel(self, name: Name) -> QWidget:
        words, theme, connection = self._words, self._theme, self._connection
        match name:
            case "chat":
                return ChatPanel(words, theme, connection, self._key())
            case "settings":
                return self._settings_panel()
            case "memories":
                return MemoriesPanel(words, theme, connection)
            case "diagnostics":
                log = log_path(self._folder, "app")
                return DiagnosticsPanel(words, theme, connection, log, self._preferences.all)

    def _settings_panel(self) -> SettingsPanel:
        panel = SettingsPanel(
            self._words, self._theme, self._connection, self._preferences, self._finding_out, self._folder
        )
        panel.memories_wanted.connect(lambda: self._windows.show("memories"))
        return panel

    # ------------------------------------------------------------ the engine

    def _begin(self) -> None:
        if self._ending:
            return
        settings = self._preferences.settings
        self._hotkey.use(settings.talk.hotkey)
        self._open_engine()
        if settings.desktop.start_at_login:  # this installation may lie elsewhere than when it was set
            self._set_start_at_login(True)
        if settings.avatar.model:
            self._open_model()

    def _offer_child(self) -> None:
        """Unless the engine was none of this process, or the user may not choose."""
        here = self._preferences.settings.engine.place == "local"
        if here and not self._preferences.fixed_by("engine.place"):
            self._offer = offer_child(self._words, lambda: self._change("engine.place", "child"))

    def _open_engine(self) -> None:
        if self._ending:
            return
        self._push_to_talk.let_go()
        settings = self._preferences.settings
        self._connection.use(Devices(settings.audio.speaker, settings.audio.microphone))
        place = settings.engine.place
        self._connection.open(place, partial(open_engine, self._env, settings, place), self._words.language)
        if settings.talk.hands_free:
            self._connection.listen_hands_free(True)

    def _on_status(self, status: Status) -> None:
        self._body.attend(status.activity)
        self._bubble.attend(status.activity)
        text, part = start_up(status, self._words) or ("", None)
        self._bubble.progress(text, part)
        self._tray.show(status)
        self._show_actions()
        if status.link == "lost":
            self._push_to_talk.let_go()
            if status.error and status.error is not self._told:
                self._told = status.error
                self._announce(why_lost(status.error, self._words))
        elif status.link == "ready" and not self._hinted:
            self._hinted = True
            self._connection.ask(self, HistoryList(id="", limit=1), self._on_history, lambda error: None)

    def _on_history(self, turns: list[object]) -> None:
        """Whoever has never talked to her is told how."""
        if not turns:
            self._announce(Announcement("notice", self._words("application.first-hint", key=self._key())))

    def _on_news(self, news: ServerMessage | DeviceNews) -> None:
        if isinstance(news, TranscriptEvent) and news.final and news.text and not self._chatting():
            self._bubble.user_said(news.text)
        if told := announcement(news, self._words):
            self._announce(told)

    def _announce(self, told: Announcement) -> None:
        if self._body.window.isVisible():
            self._bubble.notify(told.text, told.kind)
        else:
            self._tray.tell(told.text)

    def _hold(self, holder: Holder, on: bool) -> None:
        self._push_to_talk.hold(holder, on)
        self._show_actions()

    # ------------------------------------------------------------ what is seen

    def _show_actions(self) -> None:
        self._actions.show(
            self._connection.status,
            talking=self._push_to_talk.pressed,
            avatar=self._body.window.isVisible(),
        )

    def _show_avatar(self, on: bool) -> None:
        self._visible = on
        self._body.window.setVisible(on)
        self._bubble.appear(on)
        if not on:
            self._tray.tell(self._words("application.stays-in-tray"))
        self._show_actions()

    def _show_menu(self, at: QPoint) -> None:
        self._menu.popup(at)

    def _chatting(self) -> bool:
        """Whether the user reads along in the chat."""
        chat = self._windows.made("chat")
        return bool(chat and chat.isVisible())

    def _key(self) -> str:
        """The key to talk, as people call it."""
        return shown(self._preferences.settings.talk.hotkey)

    def _renew(self) -> None:
        """Everything in the language and the colours that are wanted now."""
        settings = self._preferences.settings
        self._words = Words(language_of(settings.general.language))
        self._theme = theme_of(settings.desktop.theme)
        apply(self._theme, self._qt)
        self._actions.retranslate(self._words)
        self._tray.retranslate(self._words)
        self._windows.renew()
        old, self._bubble = self._bubble, self._make_bubble()
        old.dispose()
        self._on_status(self._connection.status)

    # ------------------------------------------------------------ settings

    def _change(self, key: str, text: str) -> None:
        self._preferences.change(key, text, self._complain)

    def _complain(self, error: CompanionError) -> None:
        self._announce(why(error, self._words))
        self._show_actions()

    def _on_settings(self, keys: frozenset[str]) -> None:
        """What has changed takes effect (see app.effects)."""
        settings = self._preferences.settings
        if keys & {"general.language", "desktop.theme"}:
            self._renew()
        if keys & {"audio.speaker", "audio.microphone"}:
            self._connection.use(Devices(settings.audio.speaker, settings.audio.microphone))
        if "talk.hotkey" in keys:
            self._hotkey.use(settings.talk.hotkey)
        if "talk.hands_free" in keys:
            self._connection.listen_hands_free(settings.talk.hands_free)
        if "avatar.model" in keys:
            self._open_model()
        if "avatar.fps" in keys:
            self._body.set_fps(settings.avatar.fps)
        if "avatar.subtitles" in keys:
            self._bubble.show_subtitles = settings.avatar.subtitles
        if "desktop.start_at_login" in keys:
            self._set_start_at_login(settings.desktop.start_at_login)
        if any(effect_of(key) == "engine" for key in keys):
            self._settling.start()

    def _set_start_at_login(self, on: bool) -> None:
        self._background.do(partial(set_start_at_login, on), lambda _: None, self._complain)

    def _open_model(self) -> None:
        """The body that is wanted; one of the user's own is proved safe first, which takes seconds."""
        if chosen := self._preferences.settings.avatar.model:
            self._announce(Announcement("notice", self._words("application.model-is-tried")))
            cache = self._folder / "models"
            self._background.do(partial(open_model, Path(chosen), cache), self._show_model, self._complain)
        else:
            self._show_model(built_in())

    def _show_model(self, model: Path) -> None:
        try:
            if needs_blend_modes(model) and not live2d_setup.has_blend_modes():
                self._announce(Announcement("notice", self._words("application.model-next-start")))
                return
            self._body.show_model(model)
        except EnvironmentFault as error:
            self._complain(error)

    # ------------------------------------------------------------ the end

    def _end(self) -> None:
        self._preferences.close()
        self._background.close()
        self._finding_out.close()
        self._bubble.dispose()
        self._body.dispose()
        self._qt.quit()
