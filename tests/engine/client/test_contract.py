"""One contract for an engine in this process, in a child process and behind a socket in another one: nobody
who talks to it can tell which it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from engine.errors import CompanionError, EnvironmentFault
from engine.messages import (
    MAX_TEXT,
    ErrorEvent,
    HistoryList,
    InputText,
    Interrupt,
    MemoryDelete,
    MemoryForgetAll,
    MemoryList,
    MemoryPin,
    MemorySearch,
    Ping,
    Pong,
    ReplyCancelled,
    ReplyDone,
    Result,
    ServerMessage,
    SessionUpdate,
    SpeechAudio,
)
from tests.support.placements import HELLO, Person, is_idle, placed, timeless

PLACES = ("local", "child", "remote")
Scenario = Callable[[Person], Awaitable[None]]
Record = dict[str, list[ServerMessage]]


async def typed_turn(person: Person) -> None:
    await person.say("hello")


async def spoken_turn(person: Person) -> None:
    await person.talk()


async def interrupted_reply(person: Person) -> None:
    person.listens = False
    since = len(person.messages)
    await person.client.send(InputText(text="tell me more"))
    await person.until(lambda message: isinstance(message, SpeechAudio) and message.last, since=since)
    await person.client.send(Interrupt())
    await person.until(is_idle, since=since)
    person.listens = True


async def two_turns(person: Person) -> None:
    await person.say("one")
    await person.say("two")


async def empty_talk(person: Person) -> None:
    await person.talk(blocks=0)


async def memories(person: Person) -> None:
    requests = (
        MemoryPin(id="pin", text="Call me Captain."),
        MemoryList(id="list"),
        MemorySearch(id="search", query="captain", limit=1),
        HistoryList(id="history"),
        MemoryDelete(id="delete", memory="note:1"),
        MemoryDelete(id="unknown", memory="fact:999"),
        MemoryForgetAll(id="forget"),
        MemoryList(id="again"),
    )
    for request in requests:
        await person.client.send(request)
        await person.until(
            lambda message, wanted=request.id: (
                isinstance(message, Result | ErrorEvent) and message.id == wanted
            )
        )
    await fence(person)


async def too_long_a_text(person: Person) -> None:
    for text in ("x" * (MAX_TEXT + 1), "长" * 40_000, " \u200b "):
        await person.client.send(InputText(text=text))
        await fence(person)


async def forced_emotion(person: Person) -> None:
    await person.client.send(SessionUpdate(emotion="sad", language="zh"))
    await person.say("hello")
    await person.client.send(InputText(text=""))
    await fence(person)


async def half_a_character(person: Person) -> None:
    await person.say("hi \ud800 there")


async def fence(person: Person) -> None:
    """Waits until all before has been answered."""
    since = len(person.messages)
    await person.client.send(Ping(t=1.0))
    await person.until(lambda message: isinstance(message, Pong), since=since)


SCENARIOS: dict[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        typed_turn,
        spoken_turn,
        interrupted_reply,
        two_turns,
        empty_talk,
        memories,
        too_long_a_text,
        forced_emotion,
        half_a_character,
    )
}


async def play_all(place: str, folder: Path) -> Record:
    record: Record = {}
    async with placed(place, folder) as client:
        async with Person(client) as person:
            record["welcome"] = timeless(person.messages)
            for name, scenario in SCENARIOS.items():
                since = len(person.messages)
                await scenario(person)
                record[name] = timeless(person.messages[since:])
            since = len(person.messages)
            person.listens = False
            await person.client.send(InputText(text="and now I leave"))
            await person.until(lambda message: isinstance(message, SpeechAudio) and message.last, since=since)
        record["leave in mid-reply"] = timeless(person.messages[since:])
    return record


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    return {place: asyncio.run(play_all(place, tmp_path_factory.mktemp(place))) for place in PLACES}


@pytest.mark.parametrize("place", PLACES[1:])
@pytest.mark.parametrize("name", [*SCENARIOS, "leave in mid-reply"])
def test_every_event_is_the_same(records: dict[str, Record], name: str, place: str) -> None:
    assert records["local"][name], "nothing happened"
    assert records[place][name] == records["local"][name]


def test_the_scenarios_do_what_they_are_for(records: dict[str, Record]) -> None:
    def kinds(name: str) -> list[type]:
        return [type(message) for message in records["local"][name]]

    assert kinds("two_turns").count(ReplyDone) == 2
    (cancelled,) = [m for m in records["local"]["interrupted_reply"] if isinstance(m, ReplyCancelled)]
    assert cancelled.heard_text == "Hello"
    assert kinds("too_long_a_text").count(ErrorEvent) == 3
    assert ReplyCancelled in kinds("leave in mid-reply")


@pytest.mark.parametrize("place", PLACES)
def test_a_session_that_cannot_be_is_refused(tmp_path: Path, place: str) -> None:
    async def main() -> CompanionError:
        hello = type(HELLO)(input_rate=1)
        async with placed(place, tmp_path / "data") as client:
            with pytest.raises(CompanionError) as caught:
                async with Person(client, hello):
                    pass
            return caught.value

    error = asyncio.run(main())
    assert error.code == "bad-rate"
    assert not isinstance(error, EnvironmentFault)


@pytest.mark.parametrize("place", PLACES)
def test_nothing_can_be_sent_before_it_is_open(tmp_path: Path, place: str) -> None:
    async def main() -> None:
        async with placed(place, tmp_path / "data") as client:
            with pytest.raises(EnvironmentFault, match="not-open"):
                await client.send(Ping(t=1.0))
            await client.close()

    asyncio.run(main())
