"""Hosted test backends, and a runner that finds whatever they leave behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from engine.hosting.call import Call
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.registry import BackendSpec
from engine.tts import SpeechRequest

Make = Callable[..., HostedBackend[Any, Any]]
Run = Callable[[Callable[[], Awaitable[None]]], None]
Say = Callable[..., Awaitable[list[str]]]

HERE = Path(__file__).parent
PATIENT = Deadlines(30.0, 30.0, 30.0)


@pytest.fixture(autouse=True)
def backends(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """backends_for_tests, importable here and in workers."""
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", str(HERE), prepend=os.pathsep)
    import backends_for_tests

    backends_for_tests.released.clear()
    yield backends_for_tests
    backends_for_tests.released.set()


@pytest.fixture(params=["inline", "worker"])
def worker(request: pytest.FixtureRequest) -> bool:
    """Most of hosting must not tell its two variants apart."""
    return request.param == "worker"


def spec_of(target: str, **options: str | int | float | bool) -> BackendSpec:
    stage = "asr" if target == "Listener" else "tts"
    return BackendSpec(stage, target.lower(), f"backends_for_tests:{target}", options)


@pytest.fixture
def make(worker: bool) -> Make:
    """make("Speaker", option=...) is a hosted test backend, not started."""

    def make(target: str = "Speaker", *, load_s: float = 30.0, on_state: Any = None, **options: Any) -> Any:
        return HostedBackend(spec_of(target, **options), worker=worker, load_s=load_s, on_state=on_state)

    return make


@pytest.fixture
def say() -> Say:
    """Outputs of one call to a Speaker, as texts."""

    async def say(hosted: HostedBackend[Any, Any], text: str, deadlines: Deadlines = PATIENT) -> list[str]:
        async with hosted.call(SpeechRequest(text), deadlines) as call:
            return [chunk.pcm.decode() async for chunk in call]

    return say


@pytest.fixture
def collect() -> Callable[..., Awaitable[None]]:
    """Appends the outputs of a call to a list, so that those before an error are seen."""

    async def collect(call: Call[Any], outputs: list[Any]) -> None:
        async for output in call:
            outputs.append(output)

    return collect


@pytest.fixture
def stick(tmp_path: Path) -> Callable[..., Any]:
    """A call to a Speaker that is certainly stuck in code which ignores cancelling."""

    @contextlib.asynccontextmanager
    async def stick(hosted: HostedBackend[Any, Any]) -> AsyncIterator[Call[Any]]:
        sign = tmp_path / "stuck"
        sign.unlink(missing_ok=True)
        async with hosted.call(SpeechRequest(f"stuck {sign}"), PATIENT) as call:
            while not sign.exists():  # noqa: ASYNC110 - it may be another process that makes the file
                await asyncio.sleep(0.005)
            yield call

    return stick


@pytest.fixture
def run() -> Run:
    """Runs a coroutine function in a loop of its own; fails when tasks or threads are left behind."""

    def run(main: Callable[[], Awaitable[None]]) -> None:
        before = set(threading.enumerate())

        async def guarded() -> None:
            async with asyncio.timeout(50):
                await main()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"tasks left behind: {left}"

        asyncio.run(guarded())
        for thread in set(threading.enumerate()) - before:
            thread.join(timeout=10)
            assert not thread.is_alive(), f"thread left behind: {thread.name}"

    return run
