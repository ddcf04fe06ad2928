from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from engine.errors import EnvironmentFault
from engine.hosting import process
from engine.hosting.process import LineLog


@pytest.fixture
def worker() -> bool:
    return True


def test_what_a_worker_prints_goes_to_the_log(
    make: Any, run: Any, say: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        assert await say(hosted, "print from python") == [".."]
        assert await say(hosted, "complain 不行") == [".."]
        await hosted.close()

    with caplog.at_level(logging.INFO):
        run(main)
    messages = [record.getMessage() for record in caplog.records]
    assert "tts-speaker: from python" in messages
    assert "tts-speaker: 不行" in messages
    assert any("native noise" in message for message in messages)


PARENT = """
import asyncio, sys
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.registry import BackendSpec
from engine.tts import SpeechRequest

async def main():
    spec = BackendSpec("tts", "speaker", "backends_for_tests:Speaker", {"lock": sys.argv[1]})
    hosted = HostedBackend(spec, worker=True, load_s=30.0)
    await hosted.start()
    async with hosted.call(SpeechRequest("hang 1"), Deadlines(60.0, 60.0, 60.0)) as call:
        await anext(call)
        print("running", flush=True)
        await anext(call)

asyncio.run(main())
"""


def test_a_worker_does_not_outlive_its_parent(tmp_path: Path) -> None:
    lock = str(tmp_path / "alive")  # held by the worker while it lives
    with subprocess.Popen([sys.executable, "-c", PARENT, lock], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == b"running"
        with pytest.raises(TimeoutError):
            FileLock(lock).acquire(timeout=0)
        parent.kill()
    with FileLock(lock).acquire(timeout=20):
        pass


def test_a_worker_that_cannot_be_started(make: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "worker_command", lambda gpl: ["no-such-program-anywhere"])

    async def main() -> None:
        hosted = make()
        with pytest.raises(EnvironmentFault, match="cannot be started") as caught:
            await hosted.start()
        assert caught.value.code == "worker-not-started"
        await hosted.close()

    run(main)


def test_a_worker_that_speaks_something_else_is_killed(
    make: Any, run: Any, monkeypatch: pytest.MonkeyPatch, expect_log: Any
) -> None:
    expect_log("sent no frames", level=logging.ERROR)
    babble = "import time; print('hello, this is not a frame', flush=True); time.sleep(1000)"
    monkeypatch.setattr(process, "worker_command", lambda gpl: [sys.executable, "-c", babble])

    async def main() -> None:
        hosted = make()
        with pytest.raises(Exception, match="died while loading"):
            await hosted.start()
        await hosted.close()

    run(main)


def test_a_child_that_inherits_the_pipes_does_not_hide_the_death_of_its_parent(
    make: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orphaning = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(10)'])"
    )
    monkeypatch.setattr(process, "worker_command", lambda gpl: [sys.executable, "-c", orphaning])

    async def main() -> None:
        hosted = make(load_s=5.0)
        with pytest.raises(Exception, match="died while loading: its process ended with exit code 0"):
            await hosted.start()
        await hosted.close()

    run(main)


class TestLineLog:
    def lines(self, caplog: pytest.LogCaptureFixture) -> list[str]:
        return [record.getMessage() for record in caplog.records]

    @pytest.fixture(autouse=True)
    def _level(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)

    def test_lines_are_put_together_from_pieces(self, caplog: pytest.LogCaptureFixture) -> None:
        log = LineLog("tts")
        for piece in (b"one\nt", b"wo\r\nth", b"ree"):
            log.feed(piece, 0.0)
        log.end()
        log.end()
        assert self.lines(caplog) == ["tts: one", "tts: two", "tts: three"]

    def test_a_line_without_end_is_cut(self, caplog: pytest.LogCaptureFixture) -> None:
        log = LineLog("tts")
        for _ in range(100):
            log.feed(b"x" * 1000, 0.0)
        log.end()
        (line,) = self.lines(caplog)
        assert len(line) <= LineLog.LINE_LIMIT + 10

    def test_a_flood_is_dropped_and_said_to_be(self, caplog: pytest.LogCaptureFixture) -> None:
        log = LineLog("tts")
        log.feed(b"x\n" * (LineLog.LINES_PER_SECOND + 5), 10.0)
        log.feed(b"late\n", 10.5)
        log.feed(b"next\n", 11.0)
        lines = self.lines(caplog)
        assert lines.count("tts: x") == LineLog.LINES_PER_SECOND
        assert lines[-3:] == ["tts: (5 lines dropped)", "tts: (1 lines dropped)", "tts: next"]
