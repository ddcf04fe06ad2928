from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from engine.errors import StageCrashed
from engine.hosting.backend import Traits
from engine.hosting.frames import AnyFrame, Done, Failed, Loaded, Log
from engine.hosting.host import Host
from engine.registry import BackendSpec


class Scripted(Host):
    """A host whose backend says what the test wants; it ends only when it is killed."""

    sent: list[AnyFrame]
    killed = False

    def send(self, frame: AnyFrame) -> None:
        self.sent.append(frame)

    def hear(self, frame: AnyFrame) -> None:
        self._receive(frame)

    def die(self, reason: str) -> None:
        self._has_ended(reason)

    async def kill(self) -> None:
        self.killed = True

    async def _open(self) -> None:
        self.sent = []
        if self.spec.options.get("stillborn"):
            self.die("its process ended with exit code 1")

    def _ask_to_end(self) -> None:
        pass


class Ears:
    def __init__(self, **options: bool) -> None:
        self.frames: list[AnyFrame] = []
        self.exits = 0
        spec = BackendSpec("tts", "any", "no:matter", dict(options))
        self.host = Scripted(spec, self.frames.append, self._exit)

    def _exit(self, _: Host) -> None:
        self.exits += 1


async def loaded() -> Ears:
    ears = Ears()
    asyncio.get_running_loop().call_soon(ears.host.hear, Loaded(Traits(sample_rate=7)))
    assert (await ears.host.load()).sample_rate == 7
    return ears


def test_frames_of_calls_are_passed_on(run: Any) -> None:
    async def main() -> None:
        ears = await loaded()
        ears.host.hear(Done(4))
        assert ears.frames == [Done(4)]

    run(main)


def test_a_refusal_to_load_is_raised(run: Any) -> None:
    async def main() -> None:
        ears = Ears()
        refusal = Failed(0, "EnvironmentFault", "voice-missing", "Install the voice.", "")
        asyncio.get_running_loop().call_soon(ears.host.hear, refusal)
        with pytest.raises(Exception, match="Install the voice"):
            await ears.host.load()

    run(main)


def test_a_death_before_there_is_anything_to_wait_for(run: Any) -> None:
    async def main() -> None:
        with pytest.raises(StageCrashed, match="died while loading: its process ended with exit code 1"):
            await Ears(stillborn=True).host.load()

    run(main)


def test_an_answer_nobody_waits_for_any_more_has_no_effect(run: Any) -> None:
    async def main() -> None:
        ears = Ears()
        loading = asyncio.create_task(ears.host.load())
        await asyncio.sleep(0)
        loading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await loading
        ears.host.hear(Loaded(Traits()))

    run(main)


def test_a_death_is_told_once_loaded(run: Any) -> None:
    async def main() -> None:
        ears = await loaded()
        ears.host.die("its process ended with SIGSEGV")
        assert (ears.exits, ears.host.exit_reason) == (1, "its process ended with SIGSEGV")

    run(main)


def test_a_dismissed_host_is_not_listened_to_but_its_log_is(run: Any, expect_log: Any) -> None:
    expect_log("cannot close the device", level=logging.ERROR)

    async def main() -> None:
        ears = await loaded()
        closing = asyncio.create_task(ears.host.close())
        await asyncio.sleep(0)
        ears.host.hear(Done(4))
        ears.host.hear(Log(logging.ERROR, "voice", "cannot close the device"))
        ears.host.die("it was told to")
        await closing
        assert (ears.frames, ears.exits, ears.host.exit_reason) == ([], 0, "")

    run(main)


def test_what_does_not_end_when_asked_is_killed(run: Any) -> None:
    async def main() -> None:
        ears = await loaded()
        await ears.host.close()
        assert ears.host.killed

    run(main)
