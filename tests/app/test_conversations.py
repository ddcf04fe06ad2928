"""Conversations begun, switched and ended, over clients without an engine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.conversations import MOST_COMMANDS, Conversations
from app.talk import Devices, News
from engine.errors import CompanionError, EnvironmentFault
from engine.messages import ErrorEvent, InputText, Interrupt, Notice, StageStatus, Welcome
from tests.conftest import ExpectLog
from tests.support.engine_client import NotedClient

AWAY = EnvironmentFault("host-away", "The host is away.")
OPENED = "opened"


class Noted:
    """An Audience with a list."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.conversations = Conversations(self)

    def opened(self, welcome: Welcome) -> None:
        self.told.append(OPENED)

    def tell(self, news: News) -> None:
        self.told.append(news)

    async def room(self) -> None:
        await asyncio.sleep(0)

    def lost(self, error: CompanionError | None) -> None:
        self.told.append(error and error.code)

    async def until(self, wanted: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not wanted():  # noqa: ASYNC110 - there are many things to wait for
                await asyncio.sleep(0)


def converse(main: Callable[[Noted, Conversations], Awaitable[None]]) -> list[object]:
    async def body() -> list[object]:
        noted = Noted()
        running = asyncio.create_task(noted.conversations.run())
        await main(noted, noted.conversations)
        noted.conversations.stop()
        async with asyncio.timeout(10):
            await running
        assert len(asyncio.all_tasks()) == 1, "something was left running"
        assert noted.conversations.talk is None
        return noted.told

    return asyncio.run(body())


def test_a_conversation_opens_tells_and_ends_as_asked() -> None:
    client, said = NotedClient(), Notice(code="c", message="m")

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: client, "en")
        await noted.until(lambda: OPENED in noted.told)
        client.say(said)
        await noted.until(lambda: said in noted.told)

    assert converse(main) == [OPENED, said, None]
    assert client.closed == 1
    assert (client.hello.features, client.hello.language) == (("playback",), "en")


def test_how_the_stages_fare_is_told_before_the_engine_is_ready() -> None:
    client = NotedClient()
    loading = StageStatus(stage="tts", backend="espeak", state="loading")

    async def main(noted: Noted, conversations: Conversations) -> None:
        client.opening.clear()
        client.say(loading)
        conversations.start(lambda: client)
        await noted.until(lambda: loading in noted.told)
        client.opening.set()
        await noted.until(lambda: OPENED in noted.told)

    assert converse(main) == [loading, OPENED, None]


@pytest.mark.parametrize("where", ["making", "opening"])
def test_an_engine_that_cannot_be_opened_is_lost_and_another_can_be_tried(where: str) -> None:
    bad, good = NotedClient(AWAY), NotedClient()

    def make() -> NotedClient:
        if where == "making":
            raise AWAY
        return bad

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(make)
        await noted.until(lambda: noted.told == ["host-away"])
        conversations.start(lambda: good)
        await noted.until(lambda: OPENED in noted.told)

    assert converse(main) == ["host-away", OPENED, None]
    assert bad.closed == (where == "opening")


def test_our_own_bug_ends_a_conversation_and_is_logged(expect_log: ExpectLog) -> None:
    expect_log("a conversation failed", level=40)

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: 1 // 0)  # type: ignore[arg-type,return-value]
        await noted.until(lambda: bool(noted.told))

    assert converse(main) == ["internal-error"]


@pytest.mark.parametrize("fatal", [True, False])
def test_an_engine_that_ends_is_lost_for_its_reason(fatal: bool) -> None:
    client, last = NotedClient(), ErrorEvent(code="engine-crashing", message="m", fatal=fatal)

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: client)
        await noted.until(lambda: OPENED in noted.told)
        client.say(last)
        client.end()
        await noted.until(lambda: len(noted.told) == 3)

    assert converse(main) == [OPENED, last, "engine-crashing" if fatal else "engine-lost"]
    assert client.closed == 1


def test_stopping_while_an_engine_starts_ends_its_start() -> None:
    client = NotedClient()

    async def main(noted: Noted, conversations: Conversations) -> None:
        client.opening.clear()
        conversations.start(lambda: client)
        await noted.until(lambda: hasattr(client, "hello"))

    assert converse(main) == [None]
    assert client.closed == 1


def test_the_old_engine_is_closed_before_the_new_one_is_made() -> None:
    old, new = NotedClient(), NotedClient()

    def make() -> NotedClient:
        assert old.closed
        return new

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: old)
        await noted.until(lambda: OPENED in noted.told)
        conversations.start(make)
        await noted.until(lambda: new.is_open)
        await noted.until(lambda: noted.told.count(OPENED) == 2)

    assert converse(main) == [OPENED, None, OPENED, None]


def test_of_many_engines_asked_for_at_once_the_last_is_opened() -> None:
    clients = [NotedClient() for _ in range(5)]

    async def main(noted: Noted, conversations: Conversations) -> None:
        for client in clients:
            conversations.start(lambda client=client: client)
        await noted.until(lambda: OPENED in noted.told)

    assert converse(main) == [OPENED, None]
    assert [client.closed for client in clients] == [0, 0, 0, 0, 1]


def test_commands_wait_for_their_engine_and_keep_their_order() -> None:
    old, new = NotedClient(), NotedClient()

    async def main(noted: Noted, conversations: Conversations) -> None:
        old.opening.clear()
        conversations.start(lambda: old)
        conversations.do(lambda talk: talk.say("to the old one"))
        await noted.until(lambda: hasattr(old, "hello"))
        conversations.start(lambda: new)
        conversations.do(lambda talk: talk.say("one"))
        conversations.do(lambda talk: talk.interrupt())
        conversations.do(lambda talk: talk.say("two"))
        await noted.until(lambda: len(new.sent) == 3)

    converse(main)
    assert old.sent == []
    assert new.sent == [InputText(text="one"), Interrupt(), InputText(text="two")]


def test_a_command_that_fails_is_told_and_the_next_one_runs(expect_log: ExpectLog) -> None:
    expect_log("a command failed", level=40)
    client = NotedClient()

    async def refuse(_talk: object) -> None:
        raise AWAY

    async def err(_talk: object) -> None:
        raise ValueError

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: client)
        conversations.do(refuse)
        conversations.do(err)
        conversations.do(lambda talk: talk.say("still here"))
        await noted.until(lambda: bool(client.sent))

    codes = [news.code for news in converse(main) if isinstance(news, ErrorEvent)]
    assert codes == ["host-away", "internal-error"]


def test_commands_are_not_taken_without_end(expect_log: ExpectLog) -> None:
    expect_log("does not keep up")
    client = NotedClient()

    async def main(noted: Noted, conversations: Conversations) -> None:
        client.opening.clear()
        conversations.start(lambda: client)
        for _ in range(MOST_COMMANDS + 1):
            conversations.do(lambda talk: talk.interrupt())
        client.opening.set()
        await noted.until(lambda: OPENED in noted.told)
        await noted.until(lambda: len(client.sent) == MOST_COMMANDS)

    converse(main)
    assert len(client.sent) == MOST_COMMANDS


def test_stopping_ends_a_command_that_hangs() -> None:
    client = NotedClient()
    begun = asyncio.Event()

    async def hang(_talk: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.start(lambda: client)
        conversations.do(hang)
        await begun.wait()

    assert converse(main) == [OPENED, None]


def test_the_devices_chosen_last_are_those_of_the_next_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[str] = []

    async def use(_speaker: object, device: str) -> None:
        chosen.append(device)

    monkeypatch.setattr("app.devices.speaker.Speaker.use", use)

    async def main(noted: Noted, conversations: Conversations) -> None:
        conversations.use(Devices(speaker="one"))
        conversations.start(NotedClient)
        await noted.until(lambda: OPENED in noted.told)
        conversations.use(Devices(speaker="two"))
        conversations.use(Devices(speaker="two", microphone="mine"))
        await noted.until(lambda: chosen == ["one", "two"])
        conversations.start(NotedClient)
        await noted.until(lambda: noted.told.count(OPENED) == 2)

    converse(main)
    assert chosen == ["one", "two", "two"]
