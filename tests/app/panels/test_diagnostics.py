"""The diagnostics over a real engine and a real log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words
from app.panels.diagnostics import DiagnosticsPanel
from app.theme import LIGHT
from engine import config
from engine.client.local import LocalEngine
from engine.errors import EnvironmentFault
from engine.runtime import Engine
from tests.support.hosted import SCRIPTED
from tests.support.sound_server import SoundServer


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "logs" / "app.log"
    path.parent.mkdir()
    path.write_text("INFO it began\n", encoding="utf-8")
    return path


@pytest.fixture
def connection(qtbot: QtBot, sound_server: SoundServer) -> Iterator[Connection]:
    made = Connection(Bridge())
    yield made
    with qtbot.waitSignal(made.stopped, timeout=20000):
        made.stop()


@pytest.fixture
def panel(qtbot: QtBot, connection: Connection, log: Path) -> Iterator[DiagnosticsPanel]:
    made = DiagnosticsPanel(
        Words("en"), LIGHT, connection, log, lambda: [(info, info.default) for info in config.describe()]
    )
    qtbot.addWidget(made)
    made.show()
    yield made
    made.dispose()


def texts(panel: DiagnosticsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel)]


def test_a_turn_is_shown_as_a_waterfall_and_told_in_the_report(
    qtbot: QtBot, panel: DiagnosticsPanel, connection: Connection, tmp_path: Path
) -> None:
    connection.open("local", lambda: LocalEngine(Engine(SCRIPTED, tmp_path / "data")), "en")
    qtbot.waitUntil(lambda: connection.status.link == "ready", timeout=20000)
    connection.say("hello")
    qtbot.waitUntil(lambda: bool(connection.status.trace), timeout=20000)
    rows = panel._waterfall.accessibleDescription().split("; ")
    assert "First sound" in [row.partition(":")[0] for row in rows]
    assert "scripted" in texts(panel)
    assert "ready" in texts(panel)

    panel.copy()
    told = QGuiApplication.clipboard().text()
    assert told == panel.report()
    assert "first_sample_out" in told
    assert "hello" not in told.lower()


def test_the_log_is_followed(qtbot: QtBot, panel: DiagnosticsPanel, log: Path) -> None:
    qtbot.waitUntil(lambda: panel._log.toPlainText() == "INFO it began")
    with log.open("a", encoding="utf-8") as file:
        file.write("INFO it went on\n")
    qtbot.waitUntil(lambda: panel._log.toPlainText().endswith("it went on"), timeout=10000)
    assert "INFO it went on" in panel.report()


def test_a_log_that_is_gone_is_said(qtbot: QtBot, panel: DiagnosticsPanel, log: Path) -> None:
    log.unlink()
    qtbot.waitUntil(lambda: "cannot be read" in panel._log.toPlainText(), timeout=10000)


def test_why_there_is_no_engine_is_said(
    qtbot: QtBot, panel: DiagnosticsPanel, connection: Connection
) -> None:
    connection.changed.emit(connection.status.lost(EnvironmentFault("gone", "It is gone.")))
    assert "In this program · lost\nIt is gone." in texts(panel)
