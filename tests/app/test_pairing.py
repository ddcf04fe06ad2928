"""A pairing that is called off."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from app.pairing import PairingAttempt
from engine.client.known_hosts import KnownHosts
from engine.client.pairing_string import Pairing
from engine.errors import PeerFault


def test_called_off_before_it_has_begun(tmp_path: Path) -> None:
    attempt = PairingAttempt(tmp_path, Pairing("127.0.0.1", 9, "0" * 64, "K3QW-7ZB2-MEXA-P5JT"))
    attempt.cancel()
    with pytest.raises(PeerFault, match="called off"):
        attempt.run()


def test_called_off_while_the_host_is_silent(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        attempt = PairingAttempt(tmp_path, Pairing("127.0.0.1", port, "0" * 64, "K3QW-7ZB2-MEXA-P5JT"))
        codes: list[str] = []

        def run() -> None:
            try:
                attempt.run()
            except PeerFault as error:
                codes.append(error.code)

        thread = threading.Thread(target=run)
        thread.start()
        connection, _ = server.accept()
        attempt.cancel()
        attempt.cancel()
        thread.join(10)
        connection.close()
    assert codes == ["cancelled"]
    assert KnownHosts(tmp_path, None).list() == ()
    attempt.cancel()  # it has ended long ago
