"""The bounded queue of audio blocks."""

from __future__ import annotations

import asyncio

from engine.blocks import BlockQueue


def test_keeps_order_and_ends() -> None:
    async def main() -> None:
        queue = BlockQueue(100)
        await queue.put(b"ab")
        await queue.put(b"cd")
        queue.end()
        assert [await queue.get(), await queue.get(), await queue.get()] == [b"ab", b"cd", None]

    asyncio.run(main())


def test_a_writer_waits_for_a_slow_reader_and_nothing_is_dropped() -> None:
    async def main() -> None:
        queue = BlockQueue(4)
        await queue.put(b"abcd")
        waiting = asyncio.create_task(queue.put(b"ef"))
        await asyncio.sleep(0)
        assert not waiting.done()
        assert await queue.get() == b"abcd"
        await waiting
        assert await queue.get() == b"ef"

    asyncio.run(main())


def test_ending_frees_a_waiting_writer_and_reader() -> None:
    async def main() -> None:
        full = BlockQueue(1)
        await full.put(b"a")
        writer = asyncio.create_task(full.put(b"b"))
        empty = BlockQueue(1)
        reader = asyncio.create_task(empty.get())
        await asyncio.sleep(0)
        full.end()
        empty.end()
        await writer
        assert await reader is None
        assert [await full.get(), await full.get()] == [b"a", None]

    asyncio.run(main())
