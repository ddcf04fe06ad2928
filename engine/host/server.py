"""The web application of a host: `GET /`, `GET /ready`, `/ws/audio` and `/ws/v1` (docs/protocol.md).

`companion-engine serve` runs it with everything set up; `uvicorn engine.host.server:app` works too, with the
user's settings and the same rules of access.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.websockets import WebSocket

from engine import config
from engine.errors import PeerFault
from engine.host.admission import GUEST
from engine.host.client_socket import ClientSocket
from engine.host.connection import Connection
from engine.host.door import Admitted
from engine.host.entrance import Entrance
from engine.host.host import Host
from engine.host.raw import RawConnection
from engine.runtime import RATES
from engine.settings import HostSettings
from engine.wire import CloseCode

RAW_RATE = 16000


def create_app(settings: HostSettings, make_host: Callable[[], Host]) -> Entrance:
    """The application. `make_host` is called when the server starts; the host is closed when it stops."""
    house: list[Host] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        host = make_host()
        await host.open()
        house.append(host)
        try:
            yield
        finally:
            house.clear()
            await host.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def root() -> dict[str, str]:
        return {"status": "ok", "message": "AI Companion Backend is running"}

    @app.get("/ready")
    async def ready() -> JSONResponse:
        missing = house[0].not_ready()
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    @app.websocket("/ws/v1")
    async def full(websocket: WebSocket) -> None:
        admitted = await _accept(websocket)
        socket, name, source = _client(websocket)
        await Connection(house[0], socket, name, source, admitted.token).run()

    @app.websocket("/ws/audio")
    async def raw(websocket: WebSocket) -> None:
        admitted = await _accept(websocket)
        socket, name, source = _client(websocket)
        rate = _rate(websocket)
        if rate is None:
            await socket.close(CloseCode.POLICY, "bad-rate")
            return
        identity = GUEST
        if admitted.token or admitted.needs_token:
            try:
                identity = await house[0].admission.identify(admitted.token, source, "raw")
            except PeerFault as error:
                await socket.close(CloseCode.NOT_ADMITTED, error.code)
                return
        await RawConnection(house[0], socket, name, source, admitted.token, rate).run(identity)

    return Entrance(app, settings)


async def _accept(websocket: WebSocket) -> Admitted:
    admitted: Admitted = websocket.state.admitted
    await websocket.accept(subprotocol=admitted.subprotocol or None)
    return admitted


def _client(websocket: WebSocket) -> tuple[ClientSocket, str, str]:
    source = websocket.client.host if websocket.client else ""
    return ClientSocket(websocket), secrets.token_hex(4), source


def _rate(websocket: WebSocket) -> int | None:
    """The output rate the client asks for; None when it cannot be."""
    text = websocket.query_params.get("rate", str(RAW_RATE))
    rate = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    return rate if rate in RATES else None


def __getattr__(name: str) -> Any:
    """`app`, made when it is asked for: importing this module must not read the user's settings."""
    if name != "app":
        raise AttributeError(name)
    settings = config.load(os.environ, config.config_path(os.environ))
    return create_app(settings.host, lambda: Host(settings, config.data_dir(os.environ)))
