"""Coroutines that stand or fall together."""

from __future__ import annotations

import asyncio

import pytest

from engine.errors import StageFault
from engine.together import together


async def stopped_by(log: list[str]) -> None:
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        log.append("stopped")
        raise


async def failing() -> None:
    await asyncio.sleep(0)
    raise StageFault("llm", "it broke")


def test_returns_when_all_are_done() -> None:
    done: list[int] = []

    async def work(number: int) -> None:
        await asyncio.sleep(0)
        done.append(number)

    asyncio.run(together(work(1), work(2)))
    assert sorted(done) == [1, 2]


def test_the_first_failure_stops_the_others_and_is_raised_as_it_is() -> None:
    log: list[str] = []
    with pytest.raises(StageFault, match="it broke"):
        asyncio.run(together(failing(), stopped_by(log)))
    assert log == ["stopped"]


def test_being_cancelled_stops_them_all() -> None:
    async def main(log: list[str]) -> None:
        task = asyncio.create_task(together(stopped_by(log), stopped_by(log)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    log: list[str] = []
    asyncio.run(main(log))
    assert log == ["stopped", "stopped"]
