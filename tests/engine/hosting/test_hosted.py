"""The contract of hosting: every test here holds inline and in a worker alike."""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path
from typing import Any

import pytest

from engine.asr import AsrRequest
from engine.errors import EnvironmentFault, PeerFault, StageFault, StageTimeout, StageUnavailable
from engine.hosting.deadlines import Deadlines
from engine.hosting.faults import BackendTraceback
from engine.hosting.frames import MAX_PAYLOAD
from engine.hosting.hosted import HostedBackend
from engine.registry import BackendSpec
from engine.tts import SpeechRequest

PATIENT = Deadlines(30.0, 30.0, 30.0)


def test_streams_outputs_in_order_call_after_call(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        states: list[tuple[str, str]] = []
        hosted = make(on_state=lambda *state: states.append(state))
        assert hosted.traits.sample_rate == 22050
        await hosted.start()
        assert hosted.traits.sample_rate == 48000
        assert await say(hosted, "echo hello") == list("hello")
        assert await say(hosted, "nothing") == []
        assert await say(hosted, f"echo {'ab' * 200}") == list("ab" * 200)
        assert states == [("loading", ""), ("ready", "")]
        assert (hosted.state, hosted.restarts) == ("ready", 0)
        await hosted.close()
        assert hosted.pid is None

    run(main)


def test_runs_where_it_was_told_to(make: Any, run: Any, say: Any, worker: bool) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        (pid,) = await say(hosted, "pid")
        assert (int(pid) != os.getpid()) == worker
        assert hosted.pid == (int(pid) if worker else None)
        (thread,) = await say(hosted, "thread")
        assert thread == ("MainThread" if worker else "tts-speaker")
        await hosted.close()

    run(main)


def test_feed_reaches_the_backend_whole(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("sum"), PATIENT, listening=True) as call:
            for _ in range(200):  # more than the feed's window
                await call.feed(b"\1\2")
            call.end_feed()
            call.end_feed()  # says nothing new
            assert [result.text async for result in call] == ["600"]
        await hosted.close()

    run(main)


def test_outputs_come_while_the_feed_is_open(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("partials"), PATIENT, listening=True) as call:
            for size in (1, 2, 3):
                await call.feed(bytes(size))
                assert (await anext(call)).text == str(size)
            call.end_feed()
            assert [result.text async for result in call] == ["end"]
        await hosted.close()

    run(main)


def test_a_backend_may_end_before_its_feed_does(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        async with hosted.call(AsrRequest("early"), PATIENT, listening=True) as call:
            for _ in range(100):
                await call.feed(b"12")  # dropped once it has ended; never blocks
            call.end_feed()
            assert [result.text async for result in call] == ["enough"]
        await hosted.close()

    run(main)


@pytest.mark.parametrize("before", [0, 2])
def test_an_exception_is_a_stage_fault_after_the_outputs_before_it(
    make: Any, run: Any, say: Any, collect: Any, before: int
) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        got: list[Any] = []
        async with hosted.call(SpeechRequest(f"throw {before}"), PATIENT) as call:
            with pytest.raises(StageFault, match="KeyError: 'lost voice'") as caught:
                await collect(call, got)
        assert caught.value.code == "tts-failed"
        assert isinstance(caught.value.__cause__, BackendTraceback)
        assert "do_throw" in str(caught.value.__cause__)
        assert len(got) == before
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        ("environment", EnvironmentFault, "disk-full"),
        ("peer", PeerFault, "bad-audio"),
        ("exit", StageFault, "tts-failed"),
        ("wrong", StageFault, "tts-failed"),
        (f"bytes {MAX_PAYLOAD + 1}", StageFault, "tts-failed"),
        ("unheard-of", StageFault, "tts-failed"),
    ],
)
def test_what_a_backend_raises_keeps_its_blame(
    make: Any, run: Any, say: Any, command: str, kind: type[Exception], code: str
) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        with pytest.raises(kind) as caught:
            await say(hosted, command)
        assert caught.value.code == code  # type: ignore[attr-defined]
        assert await say(hosted, "echo ok") == ["o", "k"]
        await hosted.close()

    run(main)


def test_huge_outputs(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        size = 20_000_001
        async with hosted.call(SpeechRequest(f"bytes {size}"), PATIENT) as call:
            assert [len(chunk.pcm) async for chunk in call] == [size]
        await hosted.close()

    run(main)


def test_what_is_too_large_to_send_is_refused(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make("Listener")
        await hosted.start()
        with pytest.raises(StageFault, match="over the limit"):
            hosted.call(AsrRequest("x" * (MAX_PAYLOAD + 1)), PATIENT)
        async with hosted.call(AsrRequest("sum"), PATIENT, listening=True) as call:
            with pytest.raises(StageFault, match="over the limit"):
                await call.feed(bytes(MAX_PAYLOAD + 1))
        await hosted.close()

    run(main)


def test_half_a_character_is_refused_and_harms_nothing(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        with pytest.raises(PeerFault, match="half a character"):
            await say(hosted, "echo \udc80")
        with pytest.raises(StageFault, match=r"cannot find \\udc80"):
            await say(hosted, "misname")
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_a_hundred_calls_cancelled_at_random_moments_leave_it_in_order(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        dice = random.Random(7)
        hosted = make()
        await hosted.start()
        for _ in range(100):
            async with hosted.call(SpeechRequest(dice.choice(["forever", "echo abcdef"])), PATIENT) as call:
                for _ in range(dice.randrange(4)):
                    await anext(call)
                if dice.random() < 0.5:
                    await asyncio.sleep(dice.random() * 0.003)
                if dice.random() < 0.5:
                    await call.cancel()
        assert await say(hosted, "echo fine") == list("fine")
        assert await say(hosted, "tell running") == ["1"]  # this one
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_tasks_cancelled_at_random_moments_leave_it_in_order(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        dice = random.Random(8)
        hosted = make()
        await hosted.start()
        tasks = [asyncio.create_task(say(hosted, "echo abcdefgh")) for _ in range(60)]
        for task in dice.sample(tasks, 50):
            await asyncio.sleep(dice.random() * 0.001)
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(r == list("abcdefgh") or isinstance(r, asyncio.CancelledError) for r in results)
        assert await say(hosted, "echo fine") == list("fine")
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_closing_ends_the_running_and_the_waiting_calls(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with hosted.call(SpeechRequest("forever"), PATIENT) as call:
            await anext(call)
            waiting = asyncio.create_task(say(hosted, "echo a"))
            await asyncio.sleep(0)
            await hosted.close()
            assert call.cancelled
            assert [chunk async for chunk in call] == []
            with pytest.raises(StageUnavailable, match="is closed"):
                await waiting
        with pytest.raises(StageUnavailable, match="is closed"):
            await say(hosted, "echo a")
        await hosted.close()

    run(main)


def test_closing_closes_the_backend(make: Any, run: Any, tmp_path: Path) -> None:
    async def main() -> None:
        hosted = make(closed=str(tmp_path / "closed"))
        await hosted.start()
        await hosted.close()
        assert (tmp_path / "closed").read_text() == "closed"

    run(main)


def test_a_call_before_the_start_is_refused(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        with pytest.raises(StageUnavailable, match="has not been started"):
            await say(hosted, "echo a")
        await hosted.close()

    run(main)


def test_a_call_while_loading_waits(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        start = asyncio.create_task(hosted.start())
        await asyncio.sleep(0)
        assert await say(hosted, "echo a") == ["a"]
        await start
        await hosted.close()

    run(main)


def test_a_backend_that_cannot_be_imported_is_refused_at_once(worker: bool) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be imported"):
        HostedBackend(BackendSpec("tts", "none", "no_such_module:Nothing"), worker=worker, load_s=1.0)


def test_a_hang_passes_its_deadline_and_the_next_call_is_served(
    make: Any, run: Any, say: Any, collect: Any, worker: bool, expect_log: Any
) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        pid = hosted.pid
        got: list[Any] = []
        async with hosted.call(SpeechRequest("hang 2"), Deadlines(10.0, 0.2, 10.0)) as call:
            with pytest.raises(StageTimeout, match=r"gave nothing more for 0\.2 s"):
                await collect(call, got)
        assert len(got) == 2
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 1
        assert (hosted.pid != pid) == worker
        await hosted.close()

    run_with_stray_thread(run, main)


def run_with_stray_thread(run: Any, main: Any) -> None:
    """A hang inline leaves a thread that ends when it is released."""
    import backends_for_tests

    async def released() -> None:
        try:
            await main()
        finally:
            backends_for_tests.released.set()

    run(released)
