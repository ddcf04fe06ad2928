"""Takes pictures of every panel, in both languages and both themes, with a real engine behind them.

    .venv/bin/python packaging/panel_pictures.py [FOLDER]

Without FOLDER they become those of docs/images/panels. Needs a display; `xvfb-run` gives one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

from app.actions import Actions, menu
from app.background import Background
from app.bridge import Bridge
from app.bubble import Bubble
from app.connection import Connection
from app.heard import SILENCE
from app.i18n import Words
from app.panels.chat import ChatPanel
from app.panels.confirming import Confirmation
from app.panels.diagnostics import DiagnosticsPanel
from app.panels.memories import MemoriesPanel
from app.panels.setting_pages import PAGES
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from app.theme import DARK, LIGHT, Theme, apply
from engine import config
from engine.client.local import LocalEngine
from engine.conversation.language import Language
from engine.log_file import log_path, start_log
from engine.messages import ReplyDone
from engine.runtime import Engine

FOLDER = Path(__file__).parents[1] / "docs" / "images" / "panels"
TOLD: dict[Language, tuple[str, ...]] = {
    "en": ("My name is Alice and I live in Paris.", "I have a cat called Luna.", "I passed my exam today!"),
    "zh": ("我叫小明，我住在上海。", "我有一只叫小花的猫。", "我今天考试通过了！"),
}
PATIENCE_S = 60


class Photographer:
    """Takes the pictures of one language."""

    def __init__(self, language: Language, home: Path, folder: Path) -> None:
        self._folder = folder
        self._words = Words(language)
        env = {"COMPANION_DATA_DIR": str(home), "COMPANION_CONFIG": str(home / "config.toml")}
        home.mkdir()
        config.set_value(home / "config.toml", "general.language", language)
        self._home = home
        self._preferences = Preferences(env)
        self._background = Background()
        self._connection = Connection(Bridge())
        settings = self._preferences.settings
        self._connection.open("local", lambda: LocalEngine(Engine(settings, home)), language)
        until(lambda: self._connection.status.link == "ready")
        self._connection.mute(True)
        for text in TOLD[language]:
            done: list[object] = []
            taken = self._connection.arrived.connect(
                lambda news, done=done: done.append(news) if isinstance(news, ReplyDone) else None
            )
            self._connection.say(text)
            until(lambda done=done: bool(done))
            self._connection.arrived.disconnect(taken)

    def take(self, theme: Theme) -> None:
        """All panels in these colours."""
        words, connection = self._words, self._connection
        chat = ChatPanel(words, theme, connection)
        memories = MemoriesPanel(words, theme, connection)
        diagnostics = DiagnosticsPanel(
            words, theme, connection, log_path(self._home, "app"), self._preferences.all
        )
        settings = SettingsPanel(words, theme, connection, self._preferences, self._background, self._home)
        self._shoot("chat", chat, theme)
        self._shoot("memories", memories, theme, partial(self._choose, memories))
        memories._forget_all.click()
        self._shoot("forget-everything", memories.findChildren(Confirmation)[-1], theme)
        self._shoot("diagnostics", diagnostics, theme)
        for page in PAGES:
            settings.page = page.name
            self._shoot(f"settings-{page.name}", settings, theme)
        self._shoot("bubble", self._bubble(theme), theme)
        actions = Actions(words)
        actions.show(connection.status, talking=False, avatar=True)
        self._shoot("menu", menu(actions), theme)
        diagnostics.dispose()
        for panel in (chat, memories, diagnostics, settings):
            panel.deleteLater()

    def end(self) -> None:
        ended: list[bool] = []
        self._connection.stopped.connect(lambda: ended.append(True))
        self._connection.stop()
        until(lambda: bool(ended))
        self._preferences.close()
        self._background.close()

    def _choose(self, memories: MemoriesPanel) -> None:
        until(lambda: memories.model.rowCount() > 0)
        memories.list.setCurrentIndex(memories.model.index(0))

    def _bubble(self, theme: Theme) -> Bubble:
        bubble = Bubble(self._words, theme, lambda: SILENCE)
        bubble.beside(QRect(600, 300, 300, 400))
        bubble.user_said(TOLD[self._words.language][0])
        bubble.notify(self._words("application.first-hint", key="F8"))
        return bubble

    def _shoot(
        self, name: str, widget: QWidget, theme: Theme, then: Callable[[], None] = lambda: None
    ) -> None:
        widget.show()
        pause(0.4)
        then()
        pause(0.4)
        path = self._folder / f"{name}-{self._words.language}-{'dark' if theme.dark else 'light'}.png"
        if not widget.grab().save(str(path)):
            raise OSError(f"{path} cannot be written")
        widget.close()


def until(condition: Callable[[], bool]) -> None:
    """Lets Qt work until it is so. Raises TimeoutError."""
    give_up = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError("what the pictures show does not come")
        pause(0.05)


def pause(seconds: float) -> None:
    """Lets Qt work for so long."""
    application = QApplication.instance()
    assert application
    QTimer.singleShot(round(1000 * seconds), application.quit)
    application.exec()


def main(folder: Path = FOLDER) -> int:
    """Returns the exit status."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"  # nothing of the user's is asked
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    folder.mkdir(parents=True, exist_ok=True)
    if not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
        print("There is no Chinese font: the Chinese pictures will show boxes.", file=sys.stderr)
    with tempfile.TemporaryDirectory() as home:
        start_log(Path(home), "info", "app")
        for language in TOLD:
            photographer = Photographer(language, Path(home) / language, folder)
            start_log(Path(home) / language, "info", "app")
            for theme in (LIGHT, DARK):
                apply(theme, application)
                photographer.take(theme)
            photographer.end()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:2])))
