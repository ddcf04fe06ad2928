from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StageUnavailable
from engine.hosting.deadlines import Deadlines
from engine.hosting.frames import Done
from engine.hosting.lane import MAX_WAITING
from engine.tts import SpeechRequest

PATIENT = Deadlines(30.0, 30.0, 30.0)


def test_calls_are_served_one_at_a_time_in_their_order(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        ended: list[int] = []

        async def one(number: int) -> None:
            assert await say(hosted, f"echo {'x' * 40}") == ["x"] * 40
            ended.append(number)

        async with asyncio.TaskGroup() as tasks:
            for number in range(20):
                tasks.create_task(one(number))
        assert ended == list(range(20))
        await hosted.close()

    run(main)


def test_a_waiting_call_can_be_cancelled_from_another_task(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as running:
            await anext(running)
            waiting = hosted.call(SpeechRequest("echo a"), PATIENT)

            async def wait() -> list[Any]:
                async with waiting:
                    return [chunk async for chunk in waiting]

            task = asyncio.create_task(wait())
            await asyncio.sleep(0)
            await waiting.cancel()
            assert await task == []
            assert len([await anext(running) for _ in range(30)]) == 30
        assert await say(hosted, "echo ok") == ["o", "k"]
        await hosted.close()

    run(main)


def test_a_waiting_call_whose_task_is_cancelled_leaves_the_line(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as running:
            await anext(running)
            task = asyncio.create_task(say(hosted, "echo a"))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert await say(hosted, "tell unwound") == ["1"]
        await hosted.close()

    run(main)


def test_a_frame_of_another_call_is_not_mistaken_for_one_of_this(run: Any, make: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
            hosted._lane._places[0].frame(Done(call.number - 1))
            await call.cancel()
            assert call.cancelled
        await hosted.close()

    run(main)


def test_the_line_has_a_bound(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT):
            waiting = [asyncio.create_task(say(hosted, "echo a")) for _ in range(MAX_WAITING)]
            await asyncio.sleep(0)
            with pytest.raises(StageUnavailable, match="ask again later"):
                await say(hosted, "echo a")
        assert await asyncio.gather(*waiting) == [["a"]] * MAX_WAITING
        await hosted.close()

    run(main)


def test_copies_serve_calls_at_once_and_the_next_one_waits(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make(copies=2)
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as first:
            async with hosted.call(SpeechRequest("forever"), PATIENT) as second:
                await anext(first)
                await anext(second)
                third = asyncio.create_task(say(hosted, "echo a"))
                await asyncio.sleep(0.05)
                assert not third.done()
            assert await third == ["a"]
            await anext(first)
        await hosted.close()

    run(main)


def test_one_call_at_a_time_needs_no_copy(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make(copies=4)
        await hosted.start()
        for _ in range(3):
            assert await say(hosted, "echo a") == ["a"]
        assert len(hosted._lane._places) == 1
        await hosted.close()

    run(main)


def test_an_idle_copy_is_ended(make: Any, run: Any, say: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.hosting.lane.IDLE_S", 0.05)

    async def main() -> None:
        hosted = make(copies=2)
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as first:
            await anext(first)
            assert await say(hosted, "echo a") == ["a"]
            assert len(hosted._lane._places) == 2
            await asyncio.sleep(0.3)
            assert len(hosted._lane._places) == 1
        await hosted.close()

    run(main)


def test_a_copy_that_cannot_be_loaded_costs_nothing(make: Any, run: Any, say: Any, tmp_path: Path) -> None:
    async def main() -> None:
        hosted = make(copies=2, load="environment", broken=str(tmp_path / "broken"))
        await hosted.start()
        (tmp_path / "broken").touch()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as first:
            await anext(first)
            waiting = asyncio.create_task(say(hosted, "echo a"))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            await anext(first)
        assert await waiting == ["a"]
        await hosted.close()

    run(main)
