from __future__ import annotations

import asyncio

from app.devices.line import LONGEST_LINE, Block, Line


def test_blocks_come_in_order_and_then_none() -> None:
    async def main() -> None:
        line = Line()
        reading = asyncio.create_task(line.get())
        await asyncio.sleep(0)
        line.put(b"a")
        line.put(b"b")
        line.end()
        assert await reading == Block(b"a", gap=False)
        assert await line.get() == Block(b"b", gap=False)
        assert await line.get() is None

    asyncio.run(main())


def test_a_reader_that_is_late_loses_the_oldest_and_is_told_once() -> None:
    async def main() -> None:
        line = Line()
        for number in range(LONGEST_LINE + 2):
            line.put(bytes([number]))
        assert await line.get() == Block(b"\2", gap=True)
        assert await line.get() == Block(b"\3", gap=False)

    asyncio.run(main())
