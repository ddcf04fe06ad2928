"""The program with windows, from its start to its end."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping

from app.avatar import live2d_setup
from app.avatar.display import Display
from app.avatar.wayland import choose_platform

# isort: split
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QMessageBox

from app.application import Application
from app.preferences import Preferences
from app.single_instance import SingleInstance, name_of, show_running
from engine import config
from engine.errors import CompanionError
from engine.log_file import start_log

log = logging.getLogger(__name__)

NAME = "AI Companion"


def run(env: Mapping[str, str]) -> int | str:
    """Returns the exit status; or, where nothing can be drawn, a sentence saying why."""
    if platform := choose_platform(env):
        os.environ["QT_QPA_PLATFORM"] = platform
    display = Display()
    instance = name_of(config.data_dir(env))
    if show_running(instance):
        return 0
    if reason := display.why_not():
        return reason
    live2d_setup.prepare()
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName(NAME)
    qt.setQuitOnLastWindowClosed(False)
    try:
        preferences = Preferences(env)
        start_log(config.data_dir(env), preferences.settings.general.log_level, "app")
        if not preferences.settings.avatar.model:
            live2d_setup.without_blend_modes()
        application = Application(qt, env, preferences)
    except CompanionError as error:
        QMessageBox.critical(None, NAME, error.message)
        return 1
    single = SingleInstance(instance)
    single.asked_to_show.connect(application.show)
    with_signals = _on_signals(application.quit)
    application.start()
    status = qt.exec()
    with_signals.setEnabled(False)
    single.close()
    return status


def _on_signals(act: Callable[[], None]) -> QSocketNotifier:
    """Calls `act`, in the Qt thread, when the system or Ctrl+C asks the program to end. Python runs handlers
    of signals only when it runs at all, which Qt's loop may not let it for long: it is woken by a socket."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)

    def wake() -> None:
        reading.recv(64)
        act()

    notifier.activated.connect(wake)
    notifier.sockets = reading, writing  # type: ignore[attr-defined]
    return notifier
