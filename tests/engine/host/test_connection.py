from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import connect

from engine.clock import SystemClock
from engine.host.devices import Devices
from engine.messages import (
    Bye,
    ErrorEvent,
    GoAway,
    Hello,
    HistoryList,
    InputText,
    Interrupt,
    Ping,
    Playback,
    Pong,
    ReplyCancelled,
    ReplyDone,
    ReplyStart,
    Result,
    Resume,
    SpeechAudio,
    State,
    TurnEvent,
)
from engine.settings import HostSettings
from tests.support.hosted import SCRIPTED, Peer, Served, served
from tests.support.serving_process import serving

REPLY = "[happy] One two three. [sad] Four five six, seven eight."
SLOW = {"llm": {"replies": REPLY, "gap_ms": 5}, "tts": {"ms_per_char": 20}}
PLAYS = ("playback",)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., None]:
    """Runs `main(served)` against a host with scripted stages."""

    def run(main: Callable[[Served], Awaitable[None]], settings: Any = SCRIPTED, **host: Any) -> None:
        async def body() -> None:
            changed = msgspec.structs.replace(settings, host=HostSettings(port=0, **host))
            async with asyncio.timeout(60), served(tmp_path / "data", changed, options=SLOW) as hosted:
                await main(hosted)

        asyncio.run(body())

    return run


async def play_on(peer: Peer) -> None:
    """Reports every block as played, until the reply has ended."""
    for block in peer.all(SpeechAudio)[-1:]:
        await peer.send(Playback(stream=block.stream, played=block.offset + len(block.pcm) // 2))
    while True:
        match await peer.next():
            case SpeechAudio() as block:
                await peer.send(Playback(stream=block.stream, played=block.offset + len(block.pcm) // 2))
            case ReplyDone() | ReplyCancelled():
                return


# ---------------------------------------------------------------- coming in


def test_a_turn_is_answered_with_numbered_messages_and_audio(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer:
            await peer.send(InputText(text="hello"))
            await play_on(peer)
            numbers = [received.seq for received in peer.received if received.seq]
            assert numbers == list(range(1, len(numbers) + 1))
            blocks = peer.all(SpeechAudio)
            assert blocks[-1].last
            assert sum(len(block.pcm) for block in blocks) > 24000

    run(main)


@pytest.mark.parametrize(
    ("first", "code", "close"),
    [
        (b"\0" * 20, "bad-frame", 4401),
        ("{", "bad-json", 4401),
        ('{"type":"ping","t":1}', "hello-missing", 4401),
        ('{"type":"from.the.future"}', "hello-missing", 4401),
        ('{"type":"hello","protocol":"1.0","token":"wrong"}', "not-authorised", 4401),
        ('{"type":"hello","protocol":"1.0"}', "not-authorised", 4401),
        ('{"type":"hello","protocol":"1.0","token":"AAAA-BBBB-CCCC-DDDD"}', "pairing-failed", 4401),
        ('{"type":"hello","protocol":"2.0","token":"wrong"}', "bad-protocol", 4400),
    ],
)
def test_who_does_not_begin_as_told_is_sent_away(run: Any, first: Any, code: str, close: int) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect() as socket:
            peer = Peer(socket)
            await socket.send(first)
            error = await peer.until(ErrorEvent)
            assert (error.code, error.fatal) == (code, True)
            assert await peer.closed() == close
        assert len(hosted.host.seats) == 0

    run(main)


def test_who_says_nothing_is_sent_away(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.host.connection.HELLO_S", 0.1)

    async def main(hosted: Served) -> None:
        async with hosted.connect() as socket:
            assert await Peer(socket).closed() == 4401

    run(main)


def test_a_newer_minor_version_and_unknown_fields_are_welcome(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.connect() as socket:
            peer = Peer(socket)
            hello = {"type": "hello", "protocol": "1.7", "token": hosted.token, "mood": "curious"}
            await socket.send(json.dumps(hello))
            await peer.greet(Hello(token=hosted.token))
            await socket.send('{"type":"from.the.future"}')
            await peer.send(InputText(text="hello"))
            await peer.until(ReplyStart)

    run(main)


def test_the_token_may_come_in_a_header_or_as_a_subprotocol(run: Any) -> None:
    async def main(hosted: Served) -> None:
        header = {"additional_headers": {"Authorization": f"Bearer {hosted.token}"}}
        offer = {"subprotocols": [f"companion.token.{hosted.token}"]}
        for options in (header, offer):
            async with hosted.connect(**options) as socket:
                await Peer(socket).greet(Hello())

    run(main)


def test_one_more_than_the_host_takes_is_told_to_come_later(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(), hosted.client(), hosted.connect() as socket:
            third = Peer(socket)
            await third.send(Hello(token=hosted.token))
            assert (await third.until(ErrorEvent)).code == "host-full"
            assert await third.closed() == 1013
        async with hosted.client():
            pass

    run(main, max_sessions=2)


# ---------------------------------------------------------------- what cannot be read


def test_the_third_unreadable_message_ends_the_connection(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            for text in ("{", '{"type":"welcome","session":"x"}'):
                await peer.socket.send(text)
                await peer.until(ErrorEvent)
            await peer.send(InputText(text="still there"))
            await peer.until(ReplyStart)
            await peer.socket.send(b"short")
            assert await peer.closed() == 1008

    run(main)


@pytest.mark.parametrize(
    ("data", "close"),
    [
        (json.dumps({"type": "input.text", "text": "x" * 64 * 1024}), 1009),
        (bytes(1024 * 1024 + 1), 1009),
        ("x" * (1024 * 1024 + 1), 1009),
    ],
)
def test_what_is_too_big_ends_the_connection(run: Any, data: Any, close: int) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            await peer.socket.send(data)
            assert await peer.closed() == close
        async with hosted.client() as peer:
            await peer.send(InputText(text="next"))
            await peer.until(ReplyStart)

    run(main)


def test_a_second_hello_is_an_error_and_changes_nothing(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            await peer.send(Hello(token=hosted.token))
            assert (await peer.until(ErrorEvent)).code == "bad-message"
            await peer.send(InputText(text="hello"))
            await peer.until(ReplyStart)

    run(main)


def test_compression_is_never_agreed_on(run: Any) -> None:
    async def main(hosted: Served) -> None:
        offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
        async with hosted.connect(additional_headers=offer) as socket:
            assert "Sec-WebSocket-Extensions" not in socket.response.headers

    run(main)


# ---------------------------------------------------------------- leaving and coming back


def test_a_lost_client_goes_on_where_it_was(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer:
            await peer.send(InputText(text="hello"))
            first = await peer.until(SpeechAudio)
            await peer.send(Playback(stream=1, played=100))
            peer.socket.transport.abort()
        resume = Resume(session=peer.welcome.session, token=peer.welcome.resume_token, last_seq=peer.last_seq)
        async with hosted.client(features=PLAYS, resume=resume) as again:
            assert again.welcome.resumed
            assert again.welcome.received in (1, 2)
            assert again.welcome.session == peer.welcome.session
            assert again.welcome.resume_token != peer.welcome.resume_token
            await play_on(again)
            assert isinstance(again.received[-1].message, ReplyDone)
            numbers = [received.seq for received in again.received[1:] if received.seq]
            assert numbers == list(range(peer.last_seq + 1, peer.last_seq + 1 + len(numbers)))
            blocks = again.all(SpeechAudio)
            assert blocks[0].sequence == first.sequence
            assert [block.sequence for block in blocks] == list(range(len(blocks)))

    run(main)


def test_a_resume_token_is_good_once_and_for_its_owner_only(run: Any, tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            pass
        resume = Resume(session=peer.welcome.session, token=peer.welcome.resume_token, last_seq=1)
        devices = Devices(tmp_path / "data", SystemClock())
        _, stranger = devices.redeem(devices.pair("laptop"), "")
        async with hosted.client(token=stranger, resume=resume) as thief:
            assert not thief.welcome.resumed
        async with hosted.client(resume=resume) as again:
            assert again.welcome.resumed
        async with hosted.client(resume=resume) as again:  # it may not have heard of the new one
            assert again.welcome.resumed
            await again.send(Ping(t=1))
            await again.until(Pong)
        async with hosted.client(resume=resume) as late:
            assert not late.welcome.resumed

    run(main)


def test_a_client_that_comes_back_takes_its_seat_from_the_connection_it_lost(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            resume = Resume(
                session=peer.welcome.session, token=peer.welcome.resume_token, last_seq=peer.last_seq
            )
            async with hosted.client(resume=resume) as again:
                assert again.welcome.resumed
                assert await peer.closed() == 4409
                await again.send(InputText(text="hello"))
                await again.until(ReplyStart)
        assert len(hosted.host.seats) == 1

    run(main)


def test_a_session_nobody_comes_back_to_is_ended(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer:
            await peer.send(InputText(text="hello"))
            await peer.until(State, state="speaking")
            peer.socket.transport.abort()
        async with asyncio.timeout(10):
            while len(hosted.host.seats):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        async with hosted.client() as later:
            await later.send(HistoryList(id="1"))
            (turn,) = (await later.until(Result)).value
            assert turn["user"] == "hello"

    run(main, resume_s=0)


def test_bye_ends_the_session_at_once(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client() as peer:
            await peer.send(Bye())
            assert await peer.closed() == 1000
        assert len(hosted.host.seats) == 0

    run(main)


def test_a_stopping_host_says_so_and_lets_the_reply_be_heard(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer, hosted.client() as idle:
            await peer.send(InputText(text="hello"))
            await peer.until(State, state="speaking")
            hosted.server.stop()
            await peer.until(GoAway)
            await play_on(peer)
            assert isinstance(peer.received[-1].message, ReplyDone)
            assert await peer.closed() == 1012
            assert await idle.closed() == 1012

    run(main)


def test_a_stopping_host_seats_nobody_new(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer:
            await peer.send(InputText(text="hello"))
            await peer.until(State, state="speaking")
            draining = asyncio.create_task(hosted.host.drain())
            await peer.until(GoAway)
            async with hosted.connect() as socket:
                late = Peer(socket)
                await late.send(Hello(token=hosted.token))
                assert (await late.until(ErrorEvent)).code == "host-stopping"
                assert await late.closed() == 1013
            await play_on(peer)
            await draining

    run(main)


# ---------------------------------------------------------------- each for himself


def test_two_devices_never_see_each_others_conversation(run: Any, tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        devices = Devices(tmp_path / "data", SystemClock())
        tokens = [devices.redeem(devices.pair(name), "")[1] for name in ("one", "two")]
        async with hosted.client(token=tokens[0]) as one, hosted.client(token=tokens[1]) as two:
            await one.send(InputText(text="my secret is a canary"))
            await one.until(ReplyDone)
            await two.send(HistoryList(id="1"))
            assert (await two.until(Result)).value == []
            assert two.all(TurnEvent) == []
            await one.send(HistoryList(id="1"))
            assert len((await one.until(Result)).value) == 1
        async with hosted.client() as owner:
            await owner.send(HistoryList(id="1"))
            assert (await owner.until(Result)).value == []

    run(main)


def test_a_revoked_device_is_sent_away_within_a_second(run: Any, tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        devices = Devices(tmp_path / "data", SystemClock())
        device, token = devices.redeem(devices.pair("lost laptop"), "")
        other, kept = devices.redeem(devices.pair("desktop"), "")
        assert device.id != other.id
        async with hosted.client(token=token) as peer, hosted.client(token=kept) as stays:
            devices.revoke(device.id)
            async with asyncio.timeout(1):
                assert await peer.closed() == 4401
            await stays.send(InputText(text="still here"))
            await stays.until(ReplyStart)
        async with hosted.connect() as socket:
            again = Peer(socket)
            await again.send(Hello(token=token))
            assert (await again.until(ErrorEvent)).code == "not-authorised"

    run(main)


def test_a_pairing_code_is_answered_with_a_token_for_ever(run: Any, tmp_path: Path) -> None:
    async def main(hosted: Served) -> None:
        code = Devices(tmp_path / "data", SystemClock()).pair("")
        async with hosted.client(token=code, client="tablet") as peer:
            token = peer.welcome.device_token
        assert [device.name for device in Devices(tmp_path / "data", SystemClock()).list()] == ["tablet"]
        async with hosted.client(token=token):
            pass

    run(main)


def test_an_interrupt_stops_the_work_and_no_sample_follows(run: Any) -> None:
    async def main(hosted: Served) -> None:
        async with hosted.client(features=PLAYS) as peer:
            await peer.send(InputText(text="hello"))
            await peer.until(SpeechAudio)
            await peer.send(Interrupt())
            await peer.send(Playback(stream=1, played=50, state="flushed"))
            cancelled = await peer.until(ReplyCancelled)
            flushed = next(
                index for index, got in enumerate(peer.received) if type(got.message).__name__ == "Flush"
            )
            after = [got.message for got in peer.received[flushed:]]
            assert not any(isinstance(message, SpeechAudio) for message in after)
            assert cancelled.stream == 1

    run(main)


def test_an_interrupt_really_stops_the_mind_and_the_voice(tmp_path: Path) -> None:
    """Both have hours of work left, and are told to stop before the client is told that they have."""
    endless = {
        "llm": {"replies": "[calm] " + "One two three, four five six. " * 500, "gap_ms": 50},
        "tts": {"first_ms": 10, "gap_ms": 100},
    }

    def working(hosted: Served) -> list[bool]:
        stages = (stage for stage in hosted.host.engine.shared_stages if stage.status.stage in ("llm", "tts"))
        return [stage.backend is not None and stage.backend.working for stage in stages]

    async def main() -> None:
        async with (
            asyncio.timeout(60),
            served(tmp_path / "data", SCRIPTED, options=endless) as hosted,
            hosted.client(features=PLAYS) as peer,
        ):
            await peer.send(InputText(text="tell me everything"))
            await peer.until(SpeechAudio)
            assert working(hosted) == [True, True]
            await peer.send(Interrupt())
            await peer.send(Playback(stream=1, played=50, state="flushed"))
            await peer.until(ReplyCancelled)
            assert working(hosted) == [False, False]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await peer.until(SpeechAudio)

    asyncio.run(main())


def test_nothing_that_was_said_and_no_token_gets_into_the_log(tmp_path: Path) -> None:
    with serving(tmp_path, COMPANION_GENERAL_LOG_LEVEL="debug") as host:

        async def main() -> None:
            async with connect(f"{host.url}/ws/v1", compression=None) as socket:
                peer = Peer(socket)
                await peer.greet(Hello(token=host.token))
                await peer.send(InputText(text="my canary sings of yellow submarines"))
                await peer.until(ReplyDone)
                await peer.send(HistoryList(id="1"))
                await peer.until(Result)
            async with connect(f"{host.url}/ws/v1", compression=None) as socket:
                await Peer(socket).send(Hello(token="canary-token"))
                assert await Peer(socket).closed() == 4401

        asyncio.run(main())
        command_line = Path(f"/proc/{host.process.pid}/cmdline")
        if command_line.exists():
            assert host.token not in command_line.read_text()
    logs = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "logs").iterdir())
    assert "connection=" in logs
    for secret in ("canary", "yellow", host.token):
        assert secret not in logs
