from __future__ import annotations

import asyncio
from typing import Any

import pytest

from engine.hosting.hosted import HostedBackend
from engine.registry import BackendSpec


@pytest.fixture
def worker() -> bool:
    return False


def test_a_thread_left_behind_unwinds_and_ends_when_it_can(
    make: Any, run: Any, say: Any, stick: Any, backends: Any, expect_log: Any
) -> None:
    expect_log("tts-speaker does not stop: its thread is left behind")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with stick(hosted):
            pass
        assert await say(hosted, "echo ok") == ["o", "k"]  # while the old thread still hangs
        backends.released.set()
        assert await say(hosted, "tell unwound") == ["1"]  # what it does then is its own affair
        await hosted.close()

    run(main)


def test_a_thread_left_behind_may_outlive_the_loop(
    make: Any, run: Any, stick: Any, backends: Any, expect_log: Any
) -> None:
    expect_log("its thread is left behind")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        async with stick(hosted):
            pass
        await hosted.close()
        asyncio.get_running_loop().call_soon(backends.released.set)

    run(main)


def test_a_backend_that_cannot_close_is_logged(
    run: Any, backends: Any, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    import logging

    expect_log("tts-speaker failed while closing", level=logging.ERROR)

    def close(self: object) -> None:
        raise OSError("device busy")

    monkeypatch.setattr(backends.Speaker, "close", close)

    async def main() -> None:
        spec = BackendSpec("tts", "speaker", "backends_for_tests:Speaker")
        hosted: HostedBackend[Any, Any] = HostedBackend(spec, worker=False, load_s=5.0)
        await hosted.start()
        await hosted.close()

    run(main)
