"""The app as a whole, in this process: what a setting, a menu, a key change.

The engine is real, its stages are scripted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import Application
from app.hotkey import Hotkey
from app.panels.chat import ChatPanel
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from engine.errors import CompanionError
from engine.messages import StageName
from tests.support.sound_server import SoundServer

STAGES: tuple[StageName, ...] = ("vad", "asr", "llm", "tts", "embedding")


@pytest.fixture
def app(
    qtbot: QtBot,
    qapp: QApplication,
    sound_server: SoundServer,
    monkeypatch: pytest.MonkeyPatch,
    no_worker_is_left: None,
) -> Iterator[Application]:
    for stage in STAGES:
        monkeypatch.setenv(f"COMPANION_{stage.upper()}_BACKEND", "scripted")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(Hotkey, "use", lambda self, key: None)  # the keyboard belongs to the developer
    preferences = Preferences(os.environ)
    preferences.change("general.language", "en", fail)
    qtbot.waitUntil(lambda: preferences.settings.general.language == "en")
    app = Application(qapp, os.environ, preferences)
    app.start()
    qtbot.waitUntil(lambda: app._connection.status.link == "ready", timeout=20000)
    yield app
    with qtbot.waitSignal(app._connection.stopped, timeout=20000):
        app.quit()
    qapp.setStyleSheet("")


def fail(error: CompanionError) -> None:
    raise AssertionError(error.message)


def set_to(qtbot: QtBot, app: Application, key: str, text: str) -> None:
    with qtbot.waitSignal(app._preferences.changed):
        app._preferences.change(key, text, fail)


def said(app: Application) -> str:
    return app._bubble.accessibleDescription()


def test_who_has_never_talked_to_her_is_told_how(qtbot: QtBot, app: Application) -> None:
    qtbot.waitUntil(lambda: "Hold F8" in said(app))
    assert app._bubble.isVisible()


def test_the_menu_shows_panels_and_changes_where_she_thinks(qtbot: QtBot, app: Application) -> None:
    for action, name in (
        (app._actions.chat, "chat"),
        (app._actions.memories, "memories"),
        (app._actions.settings, "settings"),
        (app._actions.diagnostics, "diagnostics"),
    ):
        action.trigger()
        panel = app._windows.made(name)  # type: ignore[arg-type]
        assert panel is not None
        assert panel.isVisible()
    with qtbot.waitSignal(app._preferences.changed):
        place(app, "child").trigger()
    assert app._preferences.settings.engine.place == "child"
    qtbot.waitUntil(lambda: app._connection.status.place == "child", timeout=20000)
    qtbot.waitUntil(lambda: app._connection.status.link == "ready", timeout=30000)
    assert place(app, "child").isChecked()


def place(app: Application, name: str) -> QAction:
    return next(action for action in app._actions.places.actions() if action.data() == name)


def test_language_and_colours_change_at_once_and_nothing_is_lost(qtbot: QtBot, app: Application) -> None:
    app._actions.chat.trigger()
    app._actions.settings.trigger()
    chat, settings = app._windows.made("chat"), app._windows.made("settings")
    assert isinstance(chat, ChatPanel)
    assert isinstance(settings, SettingsPanel)
    chat.draft = "half a sen"
    settings.page = "persona"
    set_to(qtbot, app, "general.language", "zh")
    set_to(qtbot, app, "desktop.theme", "dark")
    chat, settings = app._windows.made("chat"), app._windows.made("settings")
    assert isinstance(chat, ChatPanel)
    assert isinstance(settings, SettingsPanel)
    assert (chat.draft, settings.page, settings.windowTitle()) == ("half a sen", "persona", "设置")
    assert app._actions.quit.text().startswith("退出")
    assert app._theme.dark
    qtbot.waitUntil(lambda: app._connection.status.link == "ready", timeout=20000)


def test_when_she_is_hidden_nothing_stands_in_the_air(qtbot: QtBot, app: Application) -> None:
    app._actions.avatar.trigger()
    assert not app._body.window.isVisible()
    app._connection.say("hello")
    qtbot.waitUntil(lambda: app._connection.status.activity == "speaking", timeout=20000)
    assert not app._bubble.isVisible()
    app.show()
    assert app._body.window.isVisible()
    assert app._windows.made("chat") is not None


def test_an_engine_setting_starts_the_engine_anew_once(qtbot: QtBot, app: Application) -> None:
    links: list[str] = []
    app._connection.changed.connect(lambda status: links.append(status.link))
    set_to(qtbot, app, "tts.rate", "1.5")
    set_to(qtbot, app, "persona.name", "Mia")
    qtbot.waitUntil(lambda: "starting" in links and links[-1] == "ready", timeout=20000)
    starts = [link for before, link in zip(["", *links], links, strict=False) if link == "starting" != before]
    assert len(starts) == 1


def test_her_middle_button_is_the_key_to_talk(qtbot: QtBot, app: Application) -> None:
    app._body.window.held.emit(True)
    assert app._actions.talk.isChecked()
    qtbot.waitUntil(lambda: app._connection.status.activity == "listening", timeout=20000)
    app._body.window.held.emit(False)
    assert not app._actions.talk.isChecked()
    qtbot.waitUntil(lambda: app._connection.status.activity == "idle", timeout=20000)


def test_after_a_native_crash_the_child_is_offered(qtbot: QtBot, app: Application) -> None:
    app._offer_child()
    offer = app._offer
    assert offer.isVisible()
    with qtbot.waitSignal(app._preferences.changed):
        offer.defaultButton().click()
    assert app._preferences.settings.engine.place == "child"


def test_a_model_that_is_none_is_refused_and_she_stays(
    qtbot: QtBot, app: Application, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.model3.json"
    wrong.write_text("{}")
    set_to(qtbot, app, "avatar.model", str(wrong))
    qtbot.waitUntil(lambda: "wrong.model3.json" in said(app) or "model" in said(app).lower(), timeout=20000)
    assert app._body.window.isVisible()
