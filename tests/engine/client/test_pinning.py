"""Real TLS servers on loopback: the paired one is talked to, a swapped one hears nothing at all."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from engine.client.pinning import HostChanged, PinnedContext
from engine.clock import ManualClock
from engine.errors import PeerFault
from engine.fingerprint import in_groups
from engine.host.tls import Certificate, host_certificate

SECRET = b"GET /ws/v1 HTTP/1.1\r\nAuthorization: Bearer secret\r\n\r\n"


@pytest.fixture
def paired(tmp_path: Path) -> Certificate:
    return host_certificate(tmp_path / "paired", (), ManualClock())


@pytest.fixture
def swapped(tmp_path: Path) -> Certificate:
    return host_certificate(tmp_path / "swapped", (), ManualClock())


class Server:
    """Notes what its clients say, and echoes it."""

    def __init__(self) -> None:
        self.port = 0
        self.heard = b""
        self.connections = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while data := await reader.read(1024):
                self.heard += data
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def serving(certificate: Certificate, newest: ssl.TLSVersion | None = None) -> AsyncIterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.pem)
    if newest:
        context.maximum_version = newest
    server = Server()
    listener = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=context)
    async with listener:
        server.port = listener.sockets[0].getsockname()[1]
        yield server


async def say(server: Server, context: ssl.SSLContext) -> bytes:
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, ssl=context)
        writer.write(SECRET)
        answer = await reader.readexactly(len(SECRET))
        writer.close()
        await writer.wait_closed()
        return answer


def test_the_paired_host_is_talked_to(paired: Certificate) -> None:
    async def main() -> None:
        async with serving(paired) as server:
            assert await say(server, PinnedContext(paired.fingerprint)) == SECRET
            assert server.heard == SECRET

    asyncio.run(main())


def test_a_swapped_certificate_hears_nothing_and_is_named(paired: Certificate, swapped: Certificate) -> None:
    async def main() -> None:
        context = PinnedContext(paired.fingerprint)
        async with serving(swapped) as server:
            with pytest.raises(PeerFault) as caught:
                await say(server, context)
            assert caught.value.code == "host-changed"
            for fingerprint in (paired.fingerprint, swapped.fingerprint):
                assert in_groups(fingerprint) in caught.value.message
                assert in_groups(fingerprint) in str(caught.value)
            # The server still serves, and had neither a connection nor a byte.
            assert await say(server, PinnedContext(swapped.fingerprint)) == SECRET
            assert server.heard == SECRET
            assert server.connections == 1

    asyncio.run(main())


def test_not_even_a_finished_handshake_reaches_a_swapped_host(
    paired: Certificate, swapped: Certificate
) -> None:
    """The client's second flight would be some 80 bytes: it never leaves. One flight, seen on the wire."""

    async def main() -> None:
        flights: list[bytes] = []
        async with serving(swapped) as server:

            async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                there, back = await asyncio.open_connection("127.0.0.1", server.port)

                async def answer() -> None:
                    while data := await there.read(65536):
                        writer.write(data)

                answering = asyncio.create_task(answer())
                try:
                    while data := await reader.read(65536):
                        flights.append(data)
                        back.write(data)
                except ConnectionError:
                    pass  # the client hangs up without a word
                finally:
                    answering.cancel()
                    await asyncio.gather(answering, return_exceptions=True)
                    writer.close()
                    back.close()
                    done.set()

            done = asyncio.Event()
            middle = await asyncio.start_server(relay, "127.0.0.1", 0)
            async with middle, asyncio.timeout(20):
                port = middle.sockets[0].getsockname()[1]
                with pytest.raises(HostChanged):
                    await asyncio.open_connection(
                        "127.0.0.1", port, ssl=PinnedContext(paired.fingerprint), ssl_handshake_timeout=10
                    )
                await done.wait()
            hello = b"".join(flights)
            assert hello[:1] == b"\x16"  # one handshake record: ClientHello
            assert len(hello) == 5 + int.from_bytes(hello[3:5], "big")

    asyncio.run(main())


def test_a_websocket_client_gets_the_same_fault(paired: Certificate, swapped: Certificate) -> None:
    async def main() -> None:
        async with serving(swapped) as server:
            with pytest.raises(PeerFault) as caught:
                await connect(
                    f"wss://127.0.0.1:{server.port}/ws/v1",
                    ssl=PinnedContext(paired.fingerprint),
                    additional_headers={"Authorization": "Bearer secret"},
                )
            assert caught.value.code == "host-changed"
            assert server.connections == 0
            assert server.heard == b""

    asyncio.run(main())


def test_old_tls_is_not_spoken(paired: Certificate) -> None:
    async def main() -> None:
        async with serving(paired, ssl.TLSVersion.TLSv1_2) as server:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await say(server, PinnedContext(paired.fingerprint))
            assert server.heard == b""

    asyncio.run(main())


def test_each_context_has_a_pin_of_its_own(paired: Certificate, swapped: Certificate) -> None:
    async def main() -> None:
        first, second = PinnedContext(paired.fingerprint), PinnedContext(swapped.fingerprint)
        async with serving(paired) as one, serving(swapped) as other:
            assert await say(one, first) == await say(other, second) == SECRET
            with pytest.raises(HostChanged):
                await say(one, second)

    asyncio.run(main())


def test_blocking_sockets_cannot_pass_the_pin_by(paired: Certificate) -> None:
    with pytest.raises(NotImplementedError):
        PinnedContext(paired.fingerprint).wrap_socket(None)
