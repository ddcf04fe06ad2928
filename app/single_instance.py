"""One companion for each data folder: a second start shows the first and ends."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS = 2000
_SHOW = b"show\n"


def name_of(folder: Path) -> str:
    """What the first instance over a data folder is known by; the system keeps it apart for each user."""
    return "ai-companion-" + hashlib.sha256(str(folder).encode()).hexdigest()[:16]


def show_running(name: str) -> bool:
    """Asks the instance that runs already to show itself; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(_SHOW)
    socket.waitForBytesWritten(_PATIENCE_MS)
    # On Windows, what is written is lost when the socket goes before the other side has read it.
    return socket.waitForReadyRead(_PATIENCE_MS)


class SingleInstance(QObject):
    """This is the one that runs: tells when another was started."""

    asked_to_show = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):
            # A crash leaves the socket behind on Unix; whoever calls this has found nobody listening there.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    def close(self) -> None:
        """Another may run from now on."""
        self._server.close()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.readyRead.connect(lambda: self._on_request(socket))
        socket.disconnected.connect(socket.deleteLater)
        if socket.bytesAvailable():
            self._on_request(socket)

    def _on_request(self, socket: QLocalSocket) -> None:
        if bytes(socket.readAll().data()) == _SHOW:
            socket.write(b"shown\n")
            socket.flush()
            self.asked_to_show.emit()
