"""Runs a host on a socket until it is told to stop: exposure checked, TLS, signals, replies spoken to their
end, and the end of a parent process."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from engine.clock import SystemClock
from engine.errors import CompanionError, EnvironmentFault
from engine.fingerprint import in_groups
from engine.host.addresses import is_loopback, split_list
from engine.host.devices import Devices
from engine.host.host import Host
from engine.host.server import create_app
from engine.settings import HostSettings, Settings
from engine.wire import MAX_MESSAGE

if TYPE_CHECKING:
    from engine.host.tls import Certificate

PING_S = 20.0
"""How often a silent client is asked whether it is there, and how long it may take to answer."""
BACKLOG = 128
CLOSE_S = 10
"""How long connections may take to close before they are cut."""
SHORTEST_TOKEN = 32


def serve(settings: Settings, folder: Path, *, child: bool = False) -> None:
    """Returns after a stop that was asked for (SIGTERM, Ctrl-C). With `child`: a token is read from stdin,
    the port is written to stdout as JSON, and the end of stdin stops it.

    Raises EnvironmentFault `tls-required`, `nobody-paired`, `port-unusable`, `no-token`, and what a bad data
    folder causes."""
    child_token = _read_child_token() if child else ""
    _check_exposure(settings.host, folder)
    certificate = _certificate(settings.host, folder) if settings.host.tls else None
    server = HostServer(settings.host, Host(settings, folder, child_token=child_token), certificate)
    if child:
        print(json.dumps({"port": server.port}), flush=True)
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    else:
        _announce(settings.host, server.port, certificate)
    asyncio.run(server.run())


class HostServer(uvicorn.Server):
    """A host on a listening socket. It lets replies be spoken to their end before it stops."""

    def __init__(self, settings: HostSettings, host: Host, certificate: Certificate | None = None) -> None:
        """Listens at once, and answers from `run` on. Raises EnvironmentFault `port-unusable`."""
        super().__init__(_server_config(settings, host, certificate))
        self._host = host
        self._starting: asyncio.Task[None] | None = None
        self._fault: CompanionError | None = None
        self._listener = _listen(settings)
        self.port: int = self._listener.getsockname()[1]

    async def run(self) -> None:  # type: ignore[override] - theirs makes an event loop of its own
        """Serves until `stop`, or a signal to the main thread. Raises EnvironmentFault when the engine cannot
        be started at all (`data-folder-in-use`)."""
        logger = logging.getLogger("uvicorn.error")
        logger.setLevel(logging.WARNING)  # at INFO it tells of every request
        logger.addFilter(_is_true)
        try:
            with self._listener:
                await self.serve([self._listener])
        finally:
            logger.removeFilter(_is_true)
        if self._fault:
            raise self._fault

    def stop(self) -> None:
        """Ends `run` soon. May be called from any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Of uvicorn: what happens before requests are answered. The engine goes on loading behind."""
        await super().startup(sockets)
        self._starting = asyncio.create_task(self._stop_without_engine(), name="watch-start")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Of uvicorn: what happens between the decision to stop and the end."""
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        await self._host.drain()
        await super().shutdown(sockets)

    async def _stop_without_engine(self) -> None:
        try:
            await self._host.started()
        except CompanionError as error:
            self._fault = error
            self.stop()


def _is_true(record: logging.LogRecord) -> bool:
    # WORKAROUND uvicorn 0.54 (websockets_sansio_impl.py, run_asgi): it complains of each WebSocket that was
    # refused by an HTTP response, as its own extension `websocket.http.response` allows.
    return not record.getMessage().startswith("ASGI callable returned without completing handshake")


def _server_config(settings: HostSettings, host: Host, certificate: Certificate | None) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings, lambda: host),
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_S,
        ws_ping_timeout=PING_S,
        http="h11",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=CLOSE_S,
        ssl_certfile=certificate.pem if certificate else None,
    )


def _check_exposure(settings: HostSettings, folder: Path) -> None:
    """Another address than loopback is opened only to those who have been given a key to it."""
    if is_loopback(settings.address):
        return
    if not settings.tls:
        raise EnvironmentFault(
            "tls-required",
            f"Listening on {settings.address} without encryption would let others listen in: add --tls "
            "(or `config set host.tls true`), or keep to 127.0.0.1.",
        )
    devices = Devices(folder, SystemClock())
    if not devices.list() and not devices.pending():
        raise EnvironmentFault(
            "nobody-paired",
            f"Nobody may come in from {settings.address} yet: run `companion-engine pair` first.",
        )


def _listen(settings: HostSettings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let another program take the port over
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.address, settings.port))
        listener.listen(BACKLOG)  # whoever is told the port may connect before the server runs
    except OSError as error:
        listener.close()
        raise EnvironmentFault(
            "port-unusable",
            f"{settings.address} port {settings.port} cannot be listened on ({error.strerror}): stop the "
            "program that uses it, or choose another port with --port.",
        ) from error
    return listener


def _certificate(settings: HostSettings, folder: Path) -> Certificate:
    from engine.host.tls import host_certificate

    return host_certificate(folder, split_list(settings.names), SystemClock())


def _announce(settings: HostSettings, port: int, certificate: Certificate | None) -> None:
    scheme = "https" if certificate else "http"
    address = f"[{settings.address}]" if ":" in settings.address else settings.address
    print(f"Serving on {scheme}://{address}:{port} (Ctrl-C stops).", flush=True)
    if certificate:
        print(f"Fingerprint: {in_groups(certificate.fingerprint)}", flush=True)


def _read_child_token() -> str:
    token = sys.stdin.readline().strip()
    if len(token) < SHORTEST_TOKEN:
        raise EnvironmentFault("no-token", "`serve --child` is for the app, which gives it a token on stdin.")
    return token


def _end_with_parent(server: HostServer) -> None:
    """The parent keeps stdin open as long as it lives."""
    while sys.stdin.read(1):
        continue
    server.stop()
