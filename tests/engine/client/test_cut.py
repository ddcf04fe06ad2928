"""A conversation whose connection is cut at each of its messages, in both directions: nothing is said twice,
nothing is lost, nothing stale is heard."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

import pytest

from engine.client.dialing import HostAway
from engine.client.remote import RemoteEngine
from engine.messages import (
    HistoryList,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ReplyStart,
    Result,
    SpeechAudio,
    TranscriptEvent,
    TurnEvent,
)
from tests.support.cutting_proxy import Cut, CuttingProxy, Direction
from tests.support.placements import HostProcess, Person, scripted_env

TURNS = 3
UP, DOWN = 49, 107
"""Messages of the conversation in each direction, before the client leaves."""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    process = HostProcess(scripted_env(tmp_path_factory.mktemp("host") / "data"))
    yield process
    process.stop()


async def opened(proxy: CuttingProxy, token: str) -> Person:
    """A person who tries once more when the connection is cut before the host said welcome."""
    for _ in range(2):
        engine = RemoteEngine(f"ws://127.0.0.1:{proxy.port}/ws/v1", token, jitter=lambda: 0.0)
        try:
            return await Person(engine).__aenter__()
        except HostAway:
            continue
    raise AssertionError("it was cut once only")


async def converse(host: HostProcess, cuts: list[Cut], name: str) -> None:
    async with CuttingProxy(host.port) as proxy:
        proxy.cuts = list(cuts)
        person = await opened(proxy, host.token)
        try:
            await person.say(f"{name} first")
            await person.talk()
            await person.say(f"{name} second")
        finally:
            await person.__aexit__()
        check(person, [f"{name} first", "hello", f"{name} second"])
        assert proxy.connections == 1 + len(cuts)


def check(person: Person, texts: list[str]) -> None:
    """Each turn once, each reply once and whole, each sample once."""
    assert [message.text for message in person.all(TranscriptEvent)] == texts
    assert [(turn.turn, turn.state) for turn in person.all(TurnEvent)] == [
        (turn, "committed") for turn in range(1, TURNS + 1)
    ]
    assert [reply.turn for reply in person.all(ReplyStart)] == [1, 2, 3]
    assert [reply.turn for reply in person.all(ReplyDone)] == [1, 2, 3]
    assert not person.all(ReplyCancelled)
    for reply in person.all(ReplyStart):
        blocks = [block for block in person.all(SpeechAudio) if block.stream == reply.stream]
        assert [block.sequence for block in blocks] == list(range(len(blocks)))
        samples = [len(block.pcm) // 2 for block in blocks]
        assert [block.offset for block in blocks] == [sum(samples[:index]) for index in range(len(samples))]
        assert sum(samples) == len("Hello there.") * 1440
        assert [block.last for block in blocks].index(True) == len(blocks) - 1
    told = [notice.code for notice in person.all(Notice)]
    assert told == ["connection-lost", "connection-back"] * (len(told) // 2)


async def recorded(host: HostProcess) -> Counter[str]:
    async with Person(RemoteEngine(host.url(), host.token)) as person:
        await person.client.send(HistoryList(id="all", limit=500))
        await person.until(lambda message: isinstance(message, Result))
        (result,) = person.all(Result)
        assert all(turn["outcome"] == "done" for turn in result.value)
        return Counter(turn["user"] for turn in result.value)


async def converse_all(host: HostProcess, cuts: list[Cut]) -> None:
    before = await recorded(host)
    names = []
    for cut in cuts:
        names.append(f"{cut.direction} {cut.messages} {cut.bytes}")
        try:
            await converse(host, [cut], names[-1])
        except BaseException as error:
            error.add_note(f"{cut}")
            raise
    turns = await recorded(host) - before
    assert turns == Counter(
        {"hello": len(cuts)} | {f"{name} {turn}": 1 for name in names for turn in ("first", "second")}
    )


def boundaries(direction: Direction, step: int, start: int = 0) -> list[Cut]:
    last = {"up": UP, "down": DOWN}[direction]
    return [Cut(direction, messages=count) for count in range(start, last, step)]


@pytest.mark.parametrize("direction", ["up", "down"])
def test_cut_at_some_messages(host: HostProcess, direction: Direction) -> None:
    asyncio.run(converse_all(host, boundaries(direction, 17, start=1)))


def test_cut_in_the_middle_of_messages(host: HostProcess) -> None:
    cuts = [Cut("up", bytes=350), Cut("up", bytes=5001), Cut("down", bytes=3003), Cut("down", bytes=50_001)]
    asyncio.run(converse_all(host, cuts))


def test_cut_again_and_again_even_before_the_host_can_say_welcome_back(host: HostProcess) -> None:
    cuts = [Cut("down", messages=20), *[Cut("down", messages=0)] * 3, *[Cut("down", messages=9)] * 3]
    cuts += [Cut("up", messages=0), Cut("up", messages=1), *[Cut("up", messages=3)] * 3]

    async def main() -> None:
        await converse(host, cuts, "again and again")
        turns = await recorded(host)
        assert (turns["again and again first"], turns["again and again second"]) == (1, 1)

    asyncio.run(main())


@pytest.mark.long
@pytest.mark.parametrize("direction", ["up", "down"])
def test_cut_at_every_message(host: HostProcess, direction: Direction) -> None:
    asyncio.run(converse_all(host, boundaries(direction, 1)))
