"""A RemoteEngine in bad weather: real hosts in processes of their own, a real network that misbehaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from engine.client import asked, remote
from engine.client.dialing import Patience
from engine.client.remote import RemoteEngine, delays
from engine.clock import SystemClock
from engine.errors import EnvironmentFault, PeerFault
from engine.host.devices import Devices
from engine.messages import (
    ErrorEvent,
    InputText,
    MemoryList,
    Notice,
    Ping,
    Pong,
    ReplyCancelled,
    ReplyDone,
    ReplySegment,
    ReplyStart,
    ServerMessage,
    SessionUpdate,
    SpeechAudio,
    State,
    TurnEvent,
)
from engine.outbox import ROOM
from tests.support.cutting_proxy import CuttingProxy
from tests.support.placements import HELLO, HostProcess, Person, is_idle, scripted_env


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return scripted_env(tmp_path_factory.mktemp("host") / "data", COMPANION_HOST_MAX_SESSIONS="3")


@pytest.fixture(scope="module")
def host(env: dict[str, str]) -> Iterator[HostProcess]:
    process = HostProcess(env)
    yield process
    process.stop()


def engine_at(port: int, token: str, patience: Patience = Patience()) -> RemoteEngine:  # noqa: B008
    return RemoteEngine(f"ws://127.0.0.1:{port}/ws/v1", token, patience=patience, jitter=lambda: 0.0)


def is_notice(code: str) -> Callable[[ServerMessage], bool]:
    def met(message: ServerMessage) -> bool:
        return isinstance(message, Notice) and message.code == code

    return met


def told(person: Person) -> list[str]:
    return [message.code for message in person.all(Notice)]


# ---------------------------------------------------------------- getting in


def test_attempts_come_later_and_later_and_never_at_once() -> None:
    assert list(islice(delays(lambda: 1.0), 10)) == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0]
    assert next(delays(lambda: 0.0)) == 0.1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ws://192.0.2.1:8000/ws/v1", "tls-required"),
        ("ws://companion.example/ws/v1", "tls-required"),
        ("http://127.0.0.1/ws/v1", "bad-url"),
        ("wss://:70000", "bad-url"),
    ],
)
def test_an_address_that_will_not_do(url: str, code: str) -> None:
    with pytest.raises(PeerFault) as caught:
        RemoteEngine(url, "token")
    assert caught.value.code == code


def test_a_wrong_token_is_refused(host: HostProcess) -> None:
    async def main() -> None:
        with pytest.raises(PeerFault) as caught:
            await engine_at(host.port, "x" * 43).open(HELLO)
        assert caught.value.code == "not-authorised"

    asyncio.run(main())


def test_another_protocol_is_refused(host: HostProcess) -> None:
    async def main() -> None:
        with pytest.raises(PeerFault) as caught:
            await engine_at(host.port, host.token).open(msgspec.structs.replace(HELLO, protocol="2.0"))
        assert caught.value.code == "bad-protocol"

    asyncio.run(main())


def test_a_full_host_says_so(host: HostProcess) -> None:
    async def main() -> None:
        engines = [engine_at(host.port, host.token) for _ in range(3)]
        for engine in engines:
            await engine.open(HELLO)
        with pytest.raises(EnvironmentFault) as caught:
            await engine_at(host.port, host.token).open(HELLO)
        assert caught.value.code == "host-full"
        await asyncio.gather(*(engine.close() for engine in engines))

    asyncio.run(main())


def test_a_host_that_is_not_there() -> None:
    async def main() -> None:
        with pytest.raises(EnvironmentFault, match=r"127\.0\.0\.1:9 cannot be reached") as caught:
            await engine_at(9, "token").open(HELLO)
        assert caught.value.code == "host-unreachable"

    asyncio.run(main())


# ---------------------------------------------------------------- a bad network


def test_delays_and_stalls_lose_nothing(host: HostProcess) -> None:
    async def main() -> None:
        async with CuttingProxy(host.port) as proxy, Person(engine_at(proxy.port, host.token)) as person:
            proxy.delay_s = 0.02
            await person.say("hello")
            proxy.delay_s = 0.0
            stalling = asyncio.create_task(person.say("hello"))
            await person.until(lambda message: isinstance(message, ReplyStart), 2)
            proxy.flowing.clear()
            await asyncio.sleep(0.5)
            proxy.flowing.set()
            await stalling
            assert len(person.all(ReplyDone)) == 2
            assert told(person) == []
            assert proxy.connections == 1

    asyncio.run(main())


def test_a_connection_that_died_without_a_word_is_noticed_and_replaced(host: HostProcess) -> None:
    async def main() -> None:
        async with CuttingProxy(host.port) as proxy:
            async with Person(engine_at(proxy.port, host.token, Patience(0.2, 0.2))) as person:
                await person.say("hello")
                proxy.dead = True
                await person.client.send(InputText(text="can you hear me"))
                await person.until(is_notice("connection-lost"))
                proxy.dead = False
                await person.until(is_notice("connection-back"))
                await person.until(lambda message: isinstance(message, ReplyDone), 2)
            assert [turn.state for turn in person.all(TurnEvent)] == ["committed"] * 2

    asyncio.run(main())


def test_what_is_typed_without_a_connection_is_answered_with_one(host: HostProcess) -> None:
    async def main() -> None:
        async with (
            CuttingProxy(host.port) as proxy,
            Person(engine_at(proxy.port, host.token, Patience(0.2, 0.2))) as person,
        ):
            proxy.refusing = proxy.dead = True
            await person.until(is_notice("connection-lost"))
            for word in ("one", "two"):
                await person.client.send(InputText(text=word))
            proxy.refusing = proxy.dead = False
            await person.until(lambda message: isinstance(message, TurnEvent), 2)
            await person.until(is_idle)

    asyncio.run(main())


def test_a_request_without_a_connection_fails_in_time(
    host: HostProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "DEADLINE_S", 0.3)

    async def main() -> None:
        async with (
            CuttingProxy(host.port) as proxy,
            Person(engine_at(proxy.port, host.token, Patience(0.2, 0.2))) as person,
        ):
            proxy.refusing = proxy.dead = True
            await person.until(is_notice("connection-lost"))
            await person.client.send(MemoryList(id="late"))
            await person.until(lambda message: isinstance(message, ErrorEvent))
            (error,) = person.all(ErrorEvent)
            assert (error.id, error.code, error.fatal) == ("late", "request-lost", False)

    asyncio.run(main())


def test_closing_over_a_dead_network_takes_no_longer_than_its_deadline(
    host: HostProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "CLOSE_S", 0.3)

    async def main() -> None:
        async with CuttingProxy(host.port) as proxy:
            async with Person(engine_at(proxy.port, host.token)) as person:
                person.listens = False
                await person.client.send(InputText(text="hello"))
                await person.until(lambda message: isinstance(message, SpeechAudio))
                proxy.dead = True
            assert len(person.all(ReplyCancelled)) == 1
            assert person.messages[-1] == State(state="idle")

    asyncio.run(main())


def test_who_does_not_read_stops_the_reading(host: HostProcess) -> None:
    async def main() -> None:
        engine = engine_at(host.port, host.token)
        await engine.open(HELLO)
        for number in range(10 * ROOM):
            await engine.send(Ping(t=float(number)))
        await asyncio.sleep(0.5)
        unread = len(engine._outbox._ordered)
        assert unread <= ROOM
        numbers = []
        async for message in engine.events():
            if isinstance(message, Pong):
                numbers.append(message.t)
            if len(numbers) == 10 * ROOM:
                break
        assert numbers == [float(number) for number in range(10 * ROOM)]
        await engine.close()

    asyncio.run(main())


# ---------------------------------------------------------------- another host, another session


def test_a_host_that_died_in_mid_reply_and_came_back(tmp_path: Path) -> None:
    env = scripted_env(tmp_path / "data")
    (tmp_path / "data").mkdir()
    code = Devices(tmp_path / "data", SystemClock()).pair("test", "default")

    async def main() -> None:
        host = await asyncio.to_thread(HostProcess, env)
        async with Person(engine_at(host.port, code)) as person:
            await person.client.send(SessionUpdate(emotion="sad"))
            await person.say("hello")
            person.listens = False
            before = len(person.messages)
            await person.client.send(InputText(text="tell me more"))
            await person.until(
                lambda message: isinstance(message, SpeechAudio) and message.last, since=before
            )
            await asyncio.to_thread(host.kill)
            await person.until(is_notice("connection-lost"))
            host = await asyncio.to_thread(HostProcess, env, port=host.port)
            await person.until(is_notice("connection-new-session"))
            person.listens = True
            await person.say("hello again")
        await asyncio.to_thread(host.stop)
        (cancelled,) = person.all(ReplyCancelled)
        assert (cancelled.stream, cancelled.turn, cancelled.heard_text) == (2, 2, "")
        assert [reply.stream for reply in person.all(ReplyDone)] == [1, 3]
        assert [turn.turn for turn in person.all(TurnEvent)] == [1, 2, 3]
        assert {segment.emotion for segment in person.all(ReplySegment)} == {"sad"}
        assert told(person) == ["connection-lost", "connection-new-session"]

    asyncio.run(main())


def test_a_device_that_is_revoked_is_out_for_good(env: dict[str, str], host: HostProcess) -> None:
    devices = Devices(Path(env["COMPANION_DATA_DIR"]), SystemClock())

    async def main() -> None:
        async with Person(engine_at(host.port, devices.pair("test"))) as person:
            await person.say("hello")
            devices.revoke(devices.list()[-1].id)
            await asyncio.wait_for(asyncio.shield(person._reader), 10)
            assert isinstance(person.messages[-1], ErrorEvent)
            assert person.messages[-1].fatal
            await person.client.send(InputText(text="anybody there?"))

    asyncio.run(main())
