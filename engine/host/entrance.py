"""The ASGI layer in front of everything: what the door refuses never reaches the application."""

from __future__ import annotations

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.host.door import Admitted, Refused, decide, knock_of
from engine.settings import HostSettings

MOST_SOCKETS = 4
"""WebSockets for each session there may be: most of them have not said hello yet."""


class Entrance:
    """Decides on every request before it is answered or upgraded; `scope["state"]["admitted"]` is what the
    door found."""

    def __init__(self, app: ASGIApp, settings: HostSettings) -> None:
        self._app = app
        self._settings = settings
        self._sockets = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        verdict = decide(knock_of(scope), self._settings)
        if isinstance(verdict, Admitted) and self._full(scope):
            verdict = Refused(503, "host-full", "Too many connections at once; try again later.")
        if isinstance(verdict, Refused):
            scope["query_string"] = b""  # servers log it, and there may be a token in it
            await _refuse(verdict, scope, receive, send)
            return
        scope.setdefault("state", {})["admitted"] = verdict
        if scope["type"] == "http":
            await self._app(scope, receive, send)
            return
        self._sockets += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._sockets -= 1

    def _full(self, scope: Scope) -> bool:
        most = MOST_SOCKETS * self._settings.max_sessions
        return scope["type"] == "websocket" and self._sockets >= most


async def _refuse(refused: Refused, scope: Scope, receive: Receive, send: Send) -> None:
    body = msgspec.json.encode({"code": refused.code, "message": refused.message})
    prefix = ""
    if scope["type"] == "websocket":
        await receive()  # websocket.connect
        if "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close"})  # a server without the extension answers 403
            return
        prefix = "websocket."
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    start: Message = {"type": f"{prefix}http.response.start", "status": refused.status, "headers": headers}
    await send(start)
    await send({"type": f"{prefix}http.response.body", "body": body})
