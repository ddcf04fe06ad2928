"""One companion for each data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.single_instance import SingleInstance, name_of, show_running

SECOND = "import sys; from app.single_instance import show_running; sys.exit(not show_running(sys.argv[1]))"


def test_a_second_start_shows_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    name = name_of(tmp_path)
    assert name != name_of(tmp_path / "other")
    assert not show_running(name)
    first = SingleInstance(name)
    with qtbot.waitSignal(first.asked_to_show, timeout=20000):
        second = subprocess.Popen([sys.executable, "-c", SECOND, name])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20000)
    assert second.returncode == 0
    first.close()
    assert not show_running(name)


def test_what_a_crash_left_behind_is_no_hindrance(qtbot: QtBot, tmp_path: Path) -> None:
    name = name_of(tmp_path)
    crashed = "import os, sys; from PySide6.QtCore import QCoreApplication\n"
    crashed += "from app.single_instance import SingleInstance\n"
    crashed += "app = QCoreApplication([]); first = SingleInstance(sys.argv[1]); os._exit(1)"
    subprocess.run([sys.executable, "-c", crashed, name], check=False)
    assert not show_running(name)
    first = SingleInstance(name)
    with qtbot.waitSignal(first.asked_to_show, timeout=20000):
        second = subprocess.Popen([sys.executable, "-c", SECOND, name])
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20000)
    assert second.returncode == 0
    first.close()
