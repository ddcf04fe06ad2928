from __future__ import annotations

import asyncio
import threading

import pytest

from engine.errors import StageFault
from engine.memory.owner import LONGEST_LINE, OwnerThread


def test_calls_run_in_order_on_one_thread_and_not_on_the_loop() -> None:
    async def run() -> list[tuple[int, str]]:
        owner = OwnerThread("owner")
        calls = [owner.call(lambda n: (n, threading.current_thread().name), n) for n in range(20)]
        results = await asyncio.gather(*calls)
        owner.close()
        return results

    results = asyncio.run(run())
    assert [number for number, _ in results] == list(range(20))
    names = {name for _, name in results}
    assert len(names) == 1
    assert names != {threading.current_thread().name}


def test_what_a_call_raises_is_raised_to_its_caller() -> None:
    async def run() -> None:
        owner = OwnerThread("owner")
        with pytest.raises(ZeroDivisionError):
            await owner.call(lambda: 1 / 0)
        assert await owner.call(lambda: "still alive") == "still alive"
        owner.close()

    asyncio.run(run())


def test_the_line_is_bounded_and_moves_on() -> None:
    async def run() -> None:
        owner, gate = OwnerThread("owner"), threading.Event()
        waiting = [asyncio.create_task(owner.call(gate.wait, 30)) for _ in range(LONGEST_LINE)]
        await asyncio.sleep(0)
        with pytest.raises(StageFault) as caught:
            await owner.call(gate.is_set)
        assert caught.value.code == "memory-busy"
        gate.set()
        assert all(await asyncio.gather(*waiting))
        assert await owner.call(gate.is_set)
        owner.close()

    asyncio.run(run())
