"""A host on a real socket of this machine, and a client that talks to it by hand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import websockets
from websockets.asyncio.client import ClientConnection, connect

from engine.host.host import Host
from engine.host.serving import HostServer
from engine.messages import ClientMessage, Hello, ServerMessage, SpeechAudio, Welcome
from engine.runtime import Engine
from engine.settings import EmbeddingSettings, General, HostSettings, LlmSettings, Settings
from engine.stages import Option
from engine.wire import ClientEncoder, Received, decode_server
from tests.support.terminal import SILENT

SCRIPTED = msgspec.structs.replace(
    SILENT,
    llm=LlmSettings(backend="scripted"),
    embedding=EmbeddingSettings(backend="scripted"),
    general=General(language="en"),
    host=HostSettings(port=0),
)
PATIENCE_S = 20.0


@dataclass
class Served:
    """A running host."""

    host: Host
    server: HostServer
    port: int
    token: str

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def connect(self, path: str = "/ws/v1", **options: Any) -> connect:
        return connect(self.url + path, compression=None, max_size=None, **options)

    @asynccontextmanager
    async def client(self, **hello: Any) -> AsyncIterator[Peer]:
        """A client that has been welcomed."""
        async with self.connect() as socket:
            peer = Peer(socket)
            await peer.greet(Hello(**{"token": self.token, **hello}))
            yield peer


@asynccontextmanager
async def served(
    folder: Path, settings: Settings = SCRIPTED, *, options: dict[str, dict[str, Option]] | None = None
) -> AsyncIterator[Served]:
    """A host over `folder` with the engine loaded, served by uvicorn as `companion-engine serve` does."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240
    engine = Engine(settings, folder, options=options)  # type: ignore[arg-type]
    host = Host(settings, folder, engine=engine)
    server = HostServer(settings.host, host)
    task = asyncio.create_task(server.run())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.01)
        await host.started()
        yield Served(host, server, server.port, (folder / "local.token").read_text())
    finally:
        server.stop()
        await task


class Peer:
    """One connection to `/ws/v1`, by hand."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.received: list[Received] = []
        self.welcome = Welcome(session="")
        self._encoder = ClientEncoder()

    async def greet(self, hello: Hello) -> Welcome:
        await self.send(hello)
        self.welcome = await self.until(Welcome)
        return self.welcome

    async def send(self, message: ClientMessage) -> None:
        await self.socket.send(self._encoder.encode(message))

    async def next(self) -> ServerMessage:
        """The next message of a known type."""
        while True:
            async with asyncio.timeout(PATIENCE_S):
                received = decode_server(await self.socket.recv())
            self.received.append(received)
            if received.message is not None:
                return received.message

    async def until(self, kind: type[Any], **fields: Any) -> Any:
        """The next message of a kind whose fields are these."""
        while True:
            message = await self.next()
            if isinstance(message, kind) and all(getattr(message, k) == v for k, v in fields.items()):
                return message

    def all(self, kind: type[Any]) -> list[Any]:
        return [received.message for received in self.received if isinstance(received.message, kind)]

    @property
    def last_seq(self) -> int:
        return max(received.seq for received in self.received)

    def audio(self) -> bytes:
        return b"".join(block.pcm for block in self.all(SpeechAudio))

    async def closed(self) -> int:
        """Reads to the end; the close code."""
        try:
            while True:
                await self.next()
        except websockets.ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
