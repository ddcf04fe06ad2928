"""Workers that misbehave, each a few lines of Python."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.devices.process import LONGEST_CHATTER, NoAnswer, Worker, command

ANSWERS = "import sys, time; sys.stdout.buffer.write(bytes([2, 2, 0, 0, 0]) + b'[]'); sys.stdout.flush()\n"


async def begin(monkeypatch: pytest.MonkeyPatch, code: str) -> Worker:
    monkeypatch.setattr("app.devices.process.command", lambda: [sys.executable, "-c", code])
    worker = Worker(lambda kind, body: None, lambda: None)
    assert await worker.start() == b"[]"
    return worker


def is_running(pid: int | None) -> bool:
    try:
        os.kill(pid or 0, 0)
    except ProcessLookupError:
        return False
    return True


def refusal(monkeypatch: pytest.MonkeyPatch, code: str) -> str:
    with pytest.raises(NoAnswer) as caught:
        asyncio.run(begin(monkeypatch, code))
    return str(caught.value)


def test_a_silent_worker_is_killed_once_it_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        worker = await begin(monkeypatch, ANSWERS + "time.sleep(60)")
        worker.watch()
        async with asyncio.timeout(10):
            while not worker.ended:  # noqa: ASYNC110 - the watch itself is what is tested
                await asyncio.sleep(0.02)
        assert not is_running(worker.pid)

    asyncio.run(main())


def test_a_loop_that_was_held_up_does_not_blame_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    chatty = (
        "while True: sys.stdout.buffer.write(bytes([5, 0, 0, 0, 0])); sys.stdout.flush(); time.sleep(.02)"
    )

    async def main() -> None:
        worker = await begin(monkeypatch, ANSWERS + chatty)
        worker.watch()
        await asyncio.sleep(0.15)
        time.sleep(1.2)  # noqa: ASYNC251 - the loop is held up on purpose
        await asyncio.sleep(1.2)  # as long as silence is borne
        assert not worker.ended
        await worker.end()
        assert not is_running(worker.pid)

    asyncio.run(main())


def test_a_worker_that_never_answers_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.devices.process.ANSWER_S", 0.3)
    assert refusal(monkeypatch, "import time; time.sleep(60)") == "it does not answer within 0.3 s"


def test_a_worker_that_dies_or_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(monkeypatch, "import os; os.abort()") == "it died"
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert refusal(monkeypatch, "").startswith("it cannot be asked")


def test_the_last_word_of_a_worker_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.stdout.buffer.write(bytes([3, 4, 0, 0, 0]) + b'none')"
    assert refusal(monkeypatch, code) == "none"


def test_chatter_is_logged_within_bounds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """ALSA writes its complaint for ever once its server is lost."""

    async def main() -> None:
        flood = "try:\n while True: sys.stderr.write('Expression failed\\n' * 1000)\nexcept OSError: pass\n"
        worker = await begin(monkeypatch, ANSWERS + flood)
        async with asyncio.timeout(10):
            while not worker.ended:  # noqa: ASYNC110 - it ends when nobody reads its complaints
                await asyncio.sleep(0.02)

    with caplog.at_level(logging.DEBUG, "app.devices.process"):
        asyncio.run(main())
    said = [record for record in caplog.records if "Expression failed" in record.message]
    assert len(said) == LONGEST_CHATTER // len("Expression failed\n")
    assert {record.levelno for record in said} == {logging.DEBUG}


def test_a_worker_that_hangs_in_native_code_ends_with_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pyaudio.py").write_text(
        "import sys, time\ndef PyAudio():\n print('hangs', file=sys.stderr, flush=True)\n time.sleep(60)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    start = f"import subprocess\nsubprocess.Popen({[*command(), 'list']!r}, stdin=-1, stdout=-1).wait()"
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen([sys.executable, "-c", start], **both) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"hangs\n"
        parent.kill()
        parent.communicate(timeout=10)  # ends only when the worker, which has the same pipe, has ended
