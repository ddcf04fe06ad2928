"""A host among clients that mean it ill, or are just broken.

It lives in a process of its own, whose memory is watched; how quickly its loop turns meanwhile is printed,
not asserted (`-s` shows it)."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import websockets
from websockets.asyncio.client import connect

from engine.messages import Hello, InputText, Ping, Pong, ReplyDone
from tests.support.hosted import Peer
from tests.support.serving_process import Serving, serving

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is watched through /proc"),
]
MOST_GROWTH_MB = 30
CONNECTIONS = 500


@asynccontextmanager
async def guarded(host: Serving, what: str) -> AsyncIterator[None]:
    """A well-behaved client talks before, during and after; memory must not grow meanwhile."""
    async with connect(f"{host.url}/ws/v1", compression=None) as wire:
        peer = Peer(wire)
        await peer.greet(Hello(token=host.token))
        await turn(peer)
        before = host.resident_mb()
        lags: list[float] = []
        watching = asyncio.create_task(watch(peer, lags))
        highest = before
        try:
            yield
        finally:
            highest = max(highest, host.resident_mb())
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        await turn(peer)
        cuts = statistics.quantiles(lags, n=100, method="inclusive") if len(lags) > 1 else [0.0] * 99
        print(
            f"\n{what}: {highest - before:+.1f} MB; ping answered p50 {cuts[49]:.1f}, p99 {cuts[98]:.1f} ms "
            f"(n={len(lags)})"
        )
        assert highest - before < MOST_GROWTH_MB


async def turn(peer: Peer) -> None:
    await peer.send(InputText(text="hello"))
    await peer.until(ReplyDone)


async def watch(peer: Peer, lags: list[float]) -> None:
    """Round trips of pings, which wait for the host's loop like everything else."""
    while True:
        began = time.perf_counter()
        await peer.send(Ping(t=began))
        await peer.until(Pong, t=began)
        lags.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.02)


def test_five_hundred_connections(tmp_path: Path) -> None:
    async def one(host: Serving) -> str:
        try:
            async with connect(f"{host.url}/ws/v1", compression=None, open_timeout=30) as wire:
                peer = Peer(wire)
                await peer.send(Hello(token=host.token))
                return str(await peer.closed())
        except websockets.InvalidStatus as refused:
            return str(refused.response.status_code)
        except (OSError, TimeoutError, websockets.WebSocketException) as error:
            return type(error).__name__

    async def main(host: Serving) -> None:
        async with guarded(host, f"{CONNECTIONS} connections"):
            tasks = [asyncio.create_task(one(host)) for _ in range(CONNECTIONS)]
            done, staying = await asyncio.wait(tasks, timeout=15)
            ends = [task.result() for task in done]
            assert set(ends) <= {"503", "1013"}, ends
            assert len(staying) == 31
            for task in staying:
                task.cancel()
            await asyncio.gather(*staying, return_exceptions=True)

    with serving(tmp_path) as host:
        asyncio.run(main(host))


def test_a_client_that_never_reads(tmp_path: Path) -> None:
    """It asks for ten minutes of speech, and takes none of it, for a minute."""

    async def main(host: Serving) -> None:
        async with guarded(host, "a minute without reading"):
            wire = await asyncio.open_connection("127.0.0.1", host.port, limit=1024)
            reader, writer = wire
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(handshake(host))
            writer.write(frame(1, f'{{"type":"hello","protocol":"1.0","token":"{host.token}"}}'.encode()))
            for number in range(300):
                text = f"hello number {number} " + "and so on " * 500
                writer.write(frame(1, f'{{"type":"input.text","text":"{text}"}}'.encode()))
                writer.write(frame(1, f'{{"type":"history.list","id":"{number}"}}'.encode()))
            with suppress(TimeoutError, ConnectionError):
                async with asyncio.timeout(60):
                    await writer.drain()
                    await asyncio.sleep(60)
            writer.close()

    with serving(tmp_path) as host:
        asyncio.run(main(host))


def test_two_thousand_malformed_messages(tmp_path: Path) -> None:
    rng = random.Random(7)

    def nonsense() -> str | bytes:
        match rng.randrange(6):
            case 0:
                return rng.randbytes(rng.randrange(200))
            case 1:
                return "{" * rng.randrange(1, 2000)
            case 2:
                return '{"type":"' + rng.choice(["playback", "hello", "input.start", "memory.edit"]) + '"}'
            case 3:
                return '{"type":"input.text","text":' + rng.choice(["1", "null", "[]", "1e999"]) + "}"
            case 4:
                return bytes([1, rng.randrange(256)]) + rng.randbytes(rng.randrange(40))
            case _:
                return "".join(chr(rng.choice([0, 34, 92, 0x202E, 0x1F600])) for _ in range(50))

    async def main(host: Serving) -> None:
        async with guarded(host, "2,000 malformed messages"):
            sent = 0
            while sent < 2000:
                async with connect(f"{host.url}/ws/v1", compression=None) as wire:
                    peer = Peer(wire)
                    await peer.greet(Hello(token=host.token))
                    for _ in range(20):
                        with suppress(websockets.ConnectionClosed):
                            await wire.send(nonsense())
                        sent += 1
                    assert await peer.closed() in (1008, 1009)

    with serving(tmp_path) as host:
        asyncio.run(main(host))


def test_messages_without_an_end(tmp_path: Path) -> None:
    """Endless fragments, invalid UTF-8, and one byte more than is allowed: closed, each with its code."""

    async def closed_with(host: Serving, *data: bytes) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
        writer.write(handshake(host))
        answer = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in answer
        assert b"permessage-deflate" not in answer
        content = bytearray()

        async def read() -> None:  # beside writing: what was not read is lost when the host hangs up
            with suppress(ConnectionError):
                while block := await reader.read(65536):
                    content.extend(block)

        reading = asyncio.create_task(read())
        with suppress(ConnectionError):
            for piece in data:
                writer.write(piece)
                await writer.drain()
        await reading
        writer.close()
        close = content.rindex(b"\x88")
        return int.from_bytes(content[close + 2 : close + 4], "big")

    async def main(host: Serving) -> None:
        async with guarded(host, "messages without an end"):
            hello = frame(1, f'{{"type":"hello","protocol":"1.0","token":"{host.token}"}}'.encode())
            fragments = [frame(2, b"x" * 1000, final=False), *[frame(0, b"x" * 1000, final=False)] * 2000]
            assert await closed_with(host, hello, *fragments) == 1009
            assert await closed_with(host, hello, frame(2, bytes(1024 * 1024 + 1))) == 1009
            assert await closed_with(host, hello, frame(1, b"\xff\xfe")) == 1007

    with serving(tmp_path) as host:
        asyncio.run(main(host))


def handshake(host: Serving) -> bytes:
    lines = [
        "GET /ws/v1 HTTP/1.1",
        f"Host: 127.0.0.1:{host.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Extensions: permessage-deflate",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def frame(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A masked frame (RFC 6455, 5.2), by hand: a library would not send what these tests do."""
    head = bytes([opcode | (0x80 if final else 0)])
    if len(payload) < 126:
        head += bytes([0x80 | len(payload)])
    elif len(payload) < 65536:
        head += bytes([0x80 | 126]) + len(payload).to_bytes(2, "big")
    else:
        head += bytes([0x80 | 127]) + len(payload).to_bytes(8, "big")
    mask = os.urandom(4)
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    masked = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
    return head + mask + masked.to_bytes(len(payload), "big")
