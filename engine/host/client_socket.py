"""A client's WebSocket, as the conversation with it sees it: frames in, frames out, and how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

log = logging.getLogger(__name__)


class Closed(Exception):
    """The client is gone."""


class Goodbye(Exception):
    """The conversation ends with this close code."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class ClientSocket:
    """One accepted WebSocket."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def receive(self) -> str | bytes:
        """The next message. Raises Closed."""
        try:
            message = await self._websocket.receive()
        except RuntimeError as error:  # it was closed from our side meanwhile
            raise Closed from error
        if message["type"] == "websocket.disconnect":
            raise Closed
        text = message.get("text")
        return message["bytes"] if text is None else text

    async def send(self, frame: str | bytes) -> None:
        """Waits while the client reads slowly. Raises Closed."""
        try:
            if isinstance(frame, str):
                await self._websocket.send_text(frame)
            else:
                await self._websocket.send_bytes(frame)
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            raise Closed from error
        await asyncio.sleep(0)  # sending does not wait by itself, and the loop must learn of a loss

    async def close(self, code: int, reason: str = "") -> None:
        """Says why. Nothing happens when the client is gone."""
        if self._websocket.application_state is WebSocketState.CONNECTED:
            try:
                await self._websocket.close(code, reason)
            except (WebSocketDisconnect, RuntimeError, OSError):
                return


@asynccontextmanager
async def parting(socket: ClientSocket, name: str) -> AsyncIterator[None]:
    """Around a conversation: however it ends, the client is told where it can be, and the log too, in which
    the connection is called `name`."""
    try:
        yield
    except Goodbye as goodbye:
        log.info("connection=%s closed code=%d %s", name, goodbye.code, goodbye.reason)
        await socket.close(goodbye.code, goodbye.reason)
    except Closed:
        log.info("connection=%s lost", name)
