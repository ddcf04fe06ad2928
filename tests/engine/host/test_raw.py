from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import websockets

from engine.audio import rms_dbfs
from engine.clock import SystemClock
from engine.host.devices import Devices
from engine.messages import Hello, HistoryList, InputText, ReplyStart, Result
from engine.settings import HostSettings, LlmSettings, Settings
from tests.support.hosted import PATIENCE_S, SCRIPTED, Peer, Served, served
from tests.support.speech import quiet, spoken

RATE = 16000
LOUD = (0.5 * np.sin(np.arange(RATE) / 4) * 32767).astype("<i2").tobytes()
"""What the scripted detector takes for speech."""
REPLIES = {"llm": {"replies": "[happy] One two three four five six seven eight nine ten eleven."}}


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., None]:
    """Runs `main(served)` against a host with scripted stages."""

    def run(main: Callable[[Served], Awaitable[None]], settings: Settings = SCRIPTED) -> None:
        async def body() -> None:
            async with asyncio.timeout(60), served(tmp_path / "data", settings, options=REPLIES) as hosted:
                await main(hosted)

        asyncio.run(body())

    return run


async def reply(socket: Any, quiet_s: float = 1.0) -> bytes:
    """What is sent from now on, until nothing more comes."""
    pcm = bytearray()
    wait_s = PATIENCE_S
    while True:
        try:
            async with asyncio.timeout(wait_s):
                block = await socket.recv()
        except TimeoutError:
            return bytes(pcm)
        assert isinstance(block, bytes)
        pcm += block
        wait_s = quiet_s


def test_speech_is_answered_with_speech(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            await socket.send(LOUD)
            await socket.send(b"")
            answer = await reply(socket)
            assert len(answer) / 2 / RATE == pytest.approx(56 * 0.06, abs=0.6)
            assert rms_dbfs(answer) > -25

    run(main)


def test_blocks_of_any_length_even_odd_ones_are_heard_alike(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            for start in range(0, len(LOUD), 333):
                await socket.send(LOUD[start : start + 333])
            await socket.send(b"")
            assert await reply(socket)

    run(main)


def test_a_client_that_stops_sending_is_answered_all_the_same(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            await socket.send(LOUD)
            assert await reply(socket)

    run(main)


def test_speech_is_never_far_ahead_of_real_time(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            await socket.send(LOUD + bytes(2 * RATE))
            block = await socket.recv()
            began = time.monotonic()
            samples = len(block) // 2
            while samples < 2 * RATE:
                samples += len(await socket.recv()) // 2
                assert samples / RATE - (time.monotonic() - began) < 0.2 + 0.1
            assert time.monotonic() - began > 1.6

    run(main)


def test_the_client_chooses_the_rate_it_gets(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio?rate=8000") as socket:
            await socket.send(LOUD)
            await socket.send(b"")
            assert len(await reply(socket)) / 2 / 8000 == pytest.approx(56 * 0.06, abs=0.6)
        for rate in ("7999", "48001", "x", "-1", "9" * 400):
            async with hosted.connect(f"/ws/audio?rate={rate}") as socket:
                with pytest.raises(websockets.ConnectionClosed) as closed:
                    await socket.recv()
                assert closed.value.rcvd
                assert closed.value.rcvd.code == 1008

    run(main)


def test_a_text_that_is_hello_asks_for_the_full_protocol(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            await socket.send(bytes(3200))
            peer = Peer(socket)
            await peer.greet(Hello(token=hosted.token))
            await peer.send(InputText(text="hello"))
            await peer.until(ReplyStart)
        async with hosted.connect("/ws/audio") as socket:
            await socket.send('{"type":"input.text","text":"hello"}')
            assert await Peer(socket).closed() == 4401

    run(main)


def test_a_connection_that_is_dropped_ends_its_session(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as socket:
            await socket.send(LOUD)
            await socket.send(b"")
            await socket.recv()
            assert len(hosted.host.seats) == 1
            socket.transport.abort()
        async with asyncio.timeout(10):
            while len(hosted.host.seats):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    run(main)


def test_without_a_token_nobodys_memories_are_met_and_with_one_its_owners(run: Any, tmp_path: Path) -> None:
    async def turns(hosted: Served, token: str) -> int:
        async with hosted.client(token=token) as peer:
            await peer.send(HistoryList(id="1"))
            return len((await peer.until(Result)).value)

    async def main(hosted: Served) -> None:
        devices = Devices(tmp_path / "data", SystemClock())
        _, token = devices.redeem(devices.pair("robot"), "")
        for headers in ({}, {"Authorization": f"Bearer {token}"}):
            async with hosted.connect("/ws/audio", additional_headers=headers) as socket:
                await socket.send(LOUD)
                await socket.send(b"")
                assert await reply(socket)
        assert await turns(hosted, hosted.token) == 0
        assert await turns(hosted, token) == 1
        wrong = {"Authorization": "Bearer wrong"}
        async with hosted.connect("/ws/audio", additional_headers=wrong) as socket:
            assert await Peer(socket).closed() == 4401

    run(main)


def test_a_full_host_says_so(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect("/ws/audio") as first, hosted.connect("/ws/audio") as second:
            await first.send(bytes(320))
            assert await Peer(second).closed() == 1013

    run(main, msgspec.structs.replace(SCRIPTED, host=HostSettings(port=0, max_sessions=1)))


def test_real_speech_is_heard_and_answered_by_the_starter_stages(tmp_path: Path) -> None:
    """Flite speaks, Silero finds the turn, PocketSphinx hears it, eSpeak answers."""
    settings = Settings(host=HostSettings(port=0), llm=LlmSettings(backend="patterns"))

    async def main() -> None:
        async with (
            asyncio.timeout(60),
            served(tmp_path / "data", settings) as hosted,
            hosted.connect("/ws/audio") as socket,
        ):
            await socket.send(quiet(500) + spoken("what can you do") + quiet(1200))
            answer = await reply(socket)
            assert len(answer) > RATE
            assert rms_dbfs(answer) > -35

    asyncio.run(main())
