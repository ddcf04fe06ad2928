"""Pairing in the window, with a real host in a process of its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.background import Background
from app.i18n import Words
from app.panels.pairing_dialog import PairingDialog
from engine.client import pairing_string
from engine.client.known_hosts import KnownHosts
from engine.client.pairing_string import Pairing
from engine.clock import SystemClock
from engine.host.devices import Devices
from engine.host.tls import host_certificate
from tests.support.placements import HostProcess, scripted_env

NOBODY = Pairing("127.0.0.1", 9, "0" * 64, "K3QW-7ZB2-MEXA-P5JT")


class Dialog:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.background = Background()
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.dialog = PairingDialog(Words("en"), self.window, self.background, folder)
        self.paired: list[str] = []
        self.gone: list[bool] = []
        self.dialog.paired.connect(self.paired.append)
        self.dialog.destroyed.connect(lambda: self.gone.append(True))
        self.dialog.open()

    def paste(self, pairing: Pairing) -> None:
        self.dialog.line.setText(pairing_string.write(pairing))
        QTest.keyClick(self.dialog.line, Qt.Key.Key_Return)

    @property
    def said(self) -> tuple[str, str]:
        """How, and what."""
        return self.dialog.said.property("role"), self.dialog.said.text()

    def until_said(self, role: str) -> str:
        self.qtbot.waitUntil(lambda: self.said[0] == role, timeout=30000)
        return self.said[1]


@pytest.fixture
def dialog(qtbot: QtBot, data_dir: Path) -> Iterator[Dialog]:
    dialog = Dialog(qtbot, data_dir)
    yield dialog
    dialog.background.close()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Pairing]:
    """What a running host lets the app paste."""
    folder = tmp_path / "host"
    process = HostProcess(scripted_env(folder, COMPANION_HOST_TLS="true"))
    clock = SystemClock()
    fingerprint = host_certificate(folder, (), clock).fingerprint
    yield Pairing("127.0.0.1", process.port, fingerprint, Devices(folder, clock).pair("", ""))
    process.stop()


@pytest.fixture
def silent_host() -> Iterator[Pairing]:
    """A machine that takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield NOBODY._replace(port=server.getsockname()[1])


def test_a_host_is_paired(dialog: Dialog, host: Pairing) -> None:
    assert not dialog.dialog.pair.isEnabled()
    dialog.paste(host)
    assert dialog.said[0] == "muted"
    assert dialog.dialog.progress.isVisible()
    assert f"127.0.0.1:{host.port}" in dialog.until_said("accent")
    assert "no keyring" in dialog.said[1]
    place = f"127.0.0.1:{host.port}"
    assert dialog.paired == [place]
    assert KnownHosts(dialog.folder, None).token(place)
    assert not dialog.dialog.progress.isVisible()
    QTest.keyClick(dialog.dialog.cancel, Qt.Key.Key_Space)
    dialog.qtbot.waitUntil(lambda: bool(dialog.gone))


def test_a_line_that_is_not_whole_is_refused_at_once(dialog: Dialog) -> None:
    dialog.dialog.line.setText(pairing_string.write(NOBODY)[:-1])
    QTest.mouseClick(dialog.dialog.pair, Qt.MouseButton.LeftButton)
    assert dialog.said == ("danger", "The pairing string is not complete; copy all of it.")


def test_a_host_that_is_not_there_is_named_and_the_line_stays(dialog: Dialog) -> None:
    dialog.paste(NOBODY)
    assert "127.0.0.1:9" in dialog.until_said("danger")
    assert dialog.dialog.line.text()
    assert dialog.dialog.pair.isEnabled()
    assert dialog.paired == []


def test_it_can_be_called_off(dialog: Dialog, silent_host: Pairing) -> None:
    dialog.paste(silent_host)
    assert dialog.dialog.progress.isVisible()
    QTest.keyClick(dialog.dialog, Qt.Key.Key_Escape)
    dialog.qtbot.waitUntil(lambda: bool(dialog.gone), timeout=5000)
    assert KnownHosts(dialog.folder, None).list() == ()
