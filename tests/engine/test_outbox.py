"""The queue to the client: order, urgency, back-pressure, staleness."""

from __future__ import annotations

import asyncio

from engine.messages import Flush, Notice, ReplyText, ServerMessage, SpeechAudio
from engine.outbox import LIMIT, ROOM, Outbox


def notice(number: int) -> Notice:
    return Notice(code="n", message=str(number))


def take_all(outbox: Outbox) -> list[ServerMessage]:
    async def run() -> list[ServerMessage]:
        outbox.close()
        taken = []
        while (message := await outbox.get()) is not None:
            taken.append(message)
        return taken

    return asyncio.run(run())


def test_keeps_order_and_lets_urgent_messages_overtake() -> None:
    outbox = Outbox()
    outbox.put(notice(1))
    outbox.put(notice(2))
    outbox.put(Flush(stream=1))
    assert take_all(outbox) == [Flush(stream=1), notice(1), notice(2)]


def test_drops_only_what_is_stale() -> None:
    outbox = Outbox()
    outbox.put(ReplyText(stream=1, delta="old"))
    outbox.put(SpeechAudio(stream=1, sequence=0, offset=0, pcm=b"\0\0"))
    outbox.put(notice(1))
    outbox.put(ReplyText(stream=2, delta="new"))
    outbox.drop_stream(1)
    outbox.put(SpeechAudio(stream=1, sequence=1, offset=1, pcm=b"\0\0"))
    assert take_all(outbox) == [notice(1), ReplyText(stream=2, delta="new")]


def test_a_producer_waits_for_a_slow_reader() -> None:
    async def run() -> None:
        outbox = Outbox()
        for number in range(ROOM):
            outbox.put(notice(number))
        waiting = asyncio.create_task(outbox.room())
        await asyncio.sleep(0)
        assert not waiting.done()
        await outbox.get()
        await waiting

    asyncio.run(run())


def test_a_reader_that_never_reads_is_given_up_with_bounded_memory() -> None:
    outbox = Outbox()
    for number in range(LIMIT * 2):
        outbox.put(notice(number))
    assert outbox.closed
    assert len(take_all(outbox)) == LIMIT


def test_closing_wakes_producer_and_reader() -> None:
    async def run() -> None:
        outbox = Outbox()
        reader = asyncio.create_task(outbox.get())
        await asyncio.sleep(0)
        outbox.close()
        assert await reader is None
        await outbox.room()
        outbox.put(notice(1))
        assert await outbox.get() is None

    asyncio.run(run())
