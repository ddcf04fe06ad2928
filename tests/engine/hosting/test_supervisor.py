from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from engine.errors import EnvironmentFault, StageCrashed, StageFault, StageTimeout, StageUnavailable
from engine.hosting import supervisor
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.tts import SpeechRequest

PATIENT = Deadlines(30.0, 30.0, 30.0)

only_worker = pytest.mark.parametrize("worker", [True], ids=["worker"])


async def until(hosted: HostedBackend[Any, Any], states: asyncio.Queue[str], wanted: str) -> None:
    while hosted.state != wanted:
        await states.get()


@only_worker
def test_a_crash_is_told_and_the_next_call_is_served_by_a_new_worker(
    make: Any, run: Any, say: Any, collect: Any, expect_log: Any
) -> None:
    expect_log("speaker crashed: its process ended with")

    async def main() -> None:
        states: list[str] = []
        hosted = make(on_state=lambda state, _: states.append(state))
        await hosted.start()
        pid = hosted.pid
        got: list[Any] = []
        async with hosted.call(SpeechRequest("abort 2"), PATIENT) as call:
            with pytest.raises(StageCrashed) as caught:
                await collect(call, got)
        assert caught.value.code == "tts-crashed"
        assert len(got) == 2
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.pid != pid
        assert states == ["loading", "ready", "loading", "ready"]
        await hosted.close()

    run(main)


@only_worker
def test_a_worker_killed_from_outside_while_idle_is_replaced(
    make: Any, run: Any, say: Any, expect_log: Any
) -> None:
    expect_log("speaker crashed")

    async def main() -> None:
        states: asyncio.Queue[str] = asyncio.Queue()
        hosted = make(on_state=lambda state, _: states.put_nowait(state))
        await hosted.start()
        os.kill(hosted.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        await until(hosted, states, "loading")
        await until(hosted, states, "ready")
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 1
        await hosted.close()

    run(main)


@only_worker
def test_native_code_that_holds_the_interpreter_lock_is_killed(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        with pytest.raises(StageTimeout):
            await say(hosted, "gil", Deadlines(10.0, 0.2, 10.0))
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 1
        await hosted.close()

    run(main)


@only_worker
def test_three_crashes_in_a_row_are_enough(make: Any, run: Any, say: Any, expect_log: Any) -> None:
    expect_log("speaker crashed")

    async def main() -> None:
        told: list[tuple[str, str]] = []
        hosted = make(on_state=lambda *state: told.append(state))
        await hosted.start()
        for _ in range(3):
            with pytest.raises(StageCrashed):
                await say(hosted, "abort")
        assert hosted.state == "failed"
        assert hosted.restarts == 2
        assert hosted.pid is None
        assert "is given up after 3 failures" in told[-1][1]
        with pytest.raises(StageUnavailable, match="is given up") as caught:
            await say(hosted, "echo a")
        assert caught.value.code == "tts-unavailable"
        await hosted.close()

    run(main)


@only_worker
def test_a_successful_call_in_between_forgives(make: Any, run: Any, say: Any, expect_log: Any) -> None:
    expect_log("speaker crashed")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        for _ in range(4):
            with pytest.raises(StageCrashed):
                await say(hosted, "abort")
            assert await say(hosted, "echo a") == ["a"]
        assert (hosted.state, hosted.restarts) == ("ready", 4)
        await hosted.close()

    run(main)


@only_worker
def test_failed_restarts_refuse_those_who_wait_and_lead_to_giving_up(
    make: Any, run: Any, say: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    monkeypatch.setattr(supervisor, "RESTART_PAUSE_S", 0.01)
    expect_log("speaker crashed")
    expect_log("Restarting speaker failed: Install the voice")

    async def main() -> None:
        states: asyncio.Queue[str] = asyncio.Queue()
        broken = tmp_path / "broken"
        hosted = make(
            load="environment", broken=str(broken), on_state=lambda state, _: states.put_nowait(state)
        )
        await hosted.start()
        broken.touch()
        with pytest.raises(StageCrashed):
            await say(hosted, "abort")
        with pytest.raises(StageUnavailable, match=r"^speaker could not be restarted: Install the voice\."):
            await say(hosted, "echo a")
        await until(hosted, states, "failed")
        assert hosted.restarts == 2
        with pytest.raises(StageUnavailable, match="is given up after 3 failures"):
            await say(hosted, "echo a")
        await hosted.close()

    run(main)


@only_worker
def test_closing_while_restarting(make: Any, run: Any, say: Any, expect_log: Any) -> None:
    expect_log("speaker crashed")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        with pytest.raises(StageCrashed):
            await say(hosted, "abort")
        await hosted.close()

    run(main)


@pytest.mark.parametrize(
    ("how", "kind", "code"),
    [("environment", EnvironmentFault, "voice-missing"), ("throw", StageFault, "tts-failed")],
)
def test_a_start_that_fails_says_why(
    make: Any, run: Any, say: Any, how: str, kind: type[Exception], code: str
) -> None:
    async def main() -> None:
        hosted = make(load=how)
        with pytest.raises(kind) as caught:
            await hosted.start()
        assert caught.value.code == code  # type: ignore[attr-defined]
        assert hosted.state == "failed"
        with pytest.raises(StageUnavailable, match="could not be loaded"):
            await say(hosted, "echo a")
        await hosted.close()

    run(main)


def test_a_start_may_be_tried_again(make: Any, run: Any, say: Any, tmp_path: Path) -> None:
    async def main() -> None:
        broken = tmp_path / "broken"
        broken.touch()
        hosted = make(load="throw", broken=str(broken))
        with pytest.raises(StageFault):
            await hosted.start()
        broken.unlink()
        await hosted.start()
        assert await say(hosted, "echo a") == ["a"]
        await hosted.close()

    run(main)


def test_a_start_that_takes_too_long_is_stopped(
    make: Any, run: Any, worker: bool, backends: Any, expect_log: Any
) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make(load="hang", load_s=0.5)
        with pytest.raises(StageTimeout, match=r"was not loaded within 0\.5 s"):
            await hosted.start()
        backends.released.set()
        await hosted.close()

    run(main)


@only_worker
def test_a_worker_that_dies_while_loading(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make(load="abort")
        with pytest.raises(StageCrashed, match="died while loading: its process ended with exit code 9"):
            await hosted.start()
        await hosted.close()

    run(main)


def test_a_cancelled_start_leaves_nothing(
    make: Any, run: Any, worker: bool, backends: Any, expect_log: Any
) -> None:
    if not worker:
        expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make(load="hang")
        start = asyncio.create_task(hosted.start())
        await asyncio.sleep(0.05)
        start.cancel()
        with pytest.raises(asyncio.CancelledError):
            await start
        assert hosted.state == "failed"
        backends.released.set()
        await hosted.close()

    run(main)


def test_closing_while_starting(make: Any, run: Any) -> None:
    async def main() -> None:
        hosted = make()
        start = asyncio.create_task(hosted.start())
        await asyncio.sleep(0)
        await hosted.close()
        with pytest.raises(StageUnavailable, match="is closed"):
            await start

    run(main)
