"""The program with windows, from its start to its end."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.avatar import live2d_setup
from app.avatar.display import Display
from app.avatar.wayland import choose_platform

# isort: split
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QMessageBox

from app.application import Application
from app.crash_report import native_crash, watch_for_crashes
from app.icons import application_icon
from app.preferences import Preferences
from app.single_instance import SingleInstance, name_of, show_running
from app.watchdog import Watchdog
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
    folder = config.data_dir(env)
    instance = name_of(folder)
    if show_running(instance):
        return 0
    if reason := display.why_not():
        return reason
    live2d_setup.prepare()
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName(NAME)
    qt.setWindowIcon(application_icon())
    qt.setQuitOnLastWindowClosed(False)
    try:
        preferences = Preferences(env)
        start_log(folder, preferences.settings.general.log_level, "app")
        if not preferences.settings.avatar.model:
            live2d_setup.without_blend_modes()
        crashed = bool(native_crash(folder))
        application = Application(qt, env, preferences)
    except CompanionError as error:
        QMessageBox.critical(None, NAME, error.message)
        return 1
    single = SingleInstance(instance)
    single.asked_to_show.connect(application.show)
    with_signals = _on_signals(application.quit)
    with _watched_for_crashes(folder), _watched_for_pauses(preferences):
        application.start(after_crash=crashed)
        status = qt.exec()
    with_signals.setEnabled(False)
    single.close()
    return status


@contextmanager
def _watched_for_crashes(folder: Path) -> Iterator[None]:
    """The next start will know how this one ended."""
    try:
        notes = watch_for_crashes(folder)
    except OSError as error:
        log.info("a crash would not be noted: %s", error)
        yield
        return
    try:
        yield
    finally:
        faulthandler.disable()
        notes.close()


@contextmanager
def _watched_for_pauses(preferences: Preferences) -> Iterator[None]:
    """Only for whoever reads the log that closely: it wakes the program all the time."""
    if preferences.settings.general.log_level != "debug":
        yield
        return
    watchdog = Watchdog()
    try:
        yield
    finally:
        watchdog.close()


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
