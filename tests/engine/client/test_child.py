"""A ChildEngine whose process dies, hangs, cannot be started, or loses its parent. Real processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from engine.client import child, child_process
from engine.client.child import ChildEngine
from engine.errors import EnvironmentFault
from engine.messages import (
    ErrorEvent,
    HistoryList,
    InputText,
    Notice,
    ReplyDone,
    Result,
    ServerMessage,
    SpeechAudio,
    TurnEvent,
)
from tests.support.placements import HELLO, Person, scripted_env


def pid_of(engine: ChildEngine) -> int:
    assert engine._process
    assert engine._process.pid
    return engine._process.pid


def kill(engine: ChildEngine) -> None:
    os.kill(pid_of(engine), getattr(signal, "SIGKILL", signal.SIGTERM))


def is_new_session(message: ServerMessage) -> bool:
    return isinstance(message, Notice) and message.code == "connection-new-session"


async def killed_in_mid_reply(folder: Path, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "RESTARTS_WITHIN_S", 0.0)
    async with Person(ChildEngine(scripted_env(folder))) as person:
        assert isinstance(person.client, ChildEngine)
        for number in range(times):
            since = len(person.messages)
            person.listens = False
            await person.client.send(InputText(text=f"killed {number}"))
            await person.until(lambda message: isinstance(message, SpeechAudio), since=since)
            kill(person.client)
            await person.until(is_new_session, since=since)
            person.listens = True
            await person.say(f"alive {number}")
        await person.client.send(HistoryList(id="all", limit=500))
        await person.until(lambda message: isinstance(message, Result))
        (result,) = person.all(Result)
    turns = sorted(turn["user"] for turn in result.value)
    assert turns == sorted(f"{word} {number}" for word in ("alive", "killed") for number in range(times))
    assert [turn.state for turn in person.all(TurnEvent)] == ["committed"] * 2 * times
    assert len(person.all(ReplyDone)) == times
    codes = [message.code for message in person.all(Notice)]
    assert codes == ["connection-lost", "connection-new-session"] * times


def test_a_child_killed_in_mid_reply_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(killed_in_mid_reply(tmp_path / "data", 2, monkeypatch))


@pytest.mark.long
def test_a_child_killed_ten_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(killed_in_mid_reply(tmp_path / "data", 10, monkeypatch))


def test_a_child_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with Person(ChildEngine(scripted_env(tmp_path / "data"))) as person:
            assert isinstance(person.client, ChildEngine)
            for times in range(1, child.MOST_RESTARTS + 1):
                kill(person.client)
                await person.until(is_new_session, times)
            kill(person.client)
            await asyncio.wait_for(asyncio.shield(person._reader), 30)
            last = person.messages[-1]
            assert isinstance(last, ErrorEvent)
            assert (last.code, last.fatal) == ("engine-crashing", True)

    asyncio.run(main())


def test_a_setting_that_cannot_be_is_told_as_the_child_tells_it(tmp_path: Path) -> None:
    async def main() -> None:
        engine = ChildEngine(scripted_env(tmp_path / "data", COMPANION_TTS_RATE="fast"))
        with pytest.raises(EnvironmentFault, match=r"tts\.rate") as caught:
            await engine.open(HELLO)
        assert caught.value.code == "engine-not-started"

    asyncio.run(main())


def test_a_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_process, "command", lambda: ["no-such-program-anywhere"])

    async def main() -> None:
        with pytest.raises(EnvironmentFault, match="did not start"):
            await ChildEngine(scripted_env(tmp_path / "data")).open(HELLO)

    asyncio.run(main())


def test_a_child_that_does_not_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect_log: object
) -> None:
    assert callable(expect_log)
    expect_log("does not end and is killed")
    monkeypatch.setattr(child_process, "END_S", 0.5)
    code = "import sys, time; sys.stdin.readline(); print('{\"port\": 9}', flush=True); time.sleep(100)"
    monkeypatch.setattr(child_process, "command", lambda: [sys.executable, "-c", code])

    async def main() -> None:
        with pytest.raises(EnvironmentFault, match="cannot be reached"):
            await ChildEngine(scripted_env(tmp_path / "data")).open(HELLO)

    asyncio.run(main())


PARENT = """
import asyncio
from engine.client.child import ChildEngine
from engine.messages import Hello, InputText, SpeechAudio

async def main():
    engine = ChildEngine()
    await engine.open(Hello(features=("playback",)))
    await engine.send(InputText(text="hello"))
    async for message in engine.events():
        if isinstance(message, SpeechAudio):
            print('speaking', flush=True)

asyncio.run(main())
"""


def test_a_child_does_not_outlive_its_parent(tmp_path: Path) -> None:
    env = scripted_env(tmp_path / "data", COMPANION_DEADLINES_FLUSH_S="0.3")
    lock = FileLock(tmp_path / "data" / "lock")  # held by the engine while it lives
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=env) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"speaking\n"
        with pytest.raises(TimeoutError):
            lock.acquire(timeout=0)
        parent.kill()
    with lock.acquire(timeout=10):
        pass
