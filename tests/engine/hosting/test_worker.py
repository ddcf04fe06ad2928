from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

import pytest

from engine.hosting.frames import Close, FrameDecoder, Load, Loaded, encode
from engine.hosting.process import worker_command


@pytest.fixture
def worker() -> bool:
    return True


def test_noise_on_stdout_does_not_touch_the_frames(make: Any, run: Any, say: Any) -> None:
    async def main() -> None:
        hosted = make()
        await hosted.start()
        assert await say(hosted, "print noise") == [".."]
        assert await say(hosted, "stdin") == [""]  # not the frames
        assert await say(hosted, "echo ok") == ["o", "k"]
        assert hosted.restarts == 0
        await hosted.close()

    run(main)


def test_log_records_reach_the_parents_logger(make: Any, run: Any, say: Any, expect_log: Any) -> None:
    expect_log("the 100% voice is hoarse")

    async def main() -> None:
        hosted = make()
        await hosted.start()
        assert await say(hosted, "log the 100% voice is hoarse") == [".."]
        await hosted.close()

    run(main)


def talk(data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(worker_command(), input=data, capture_output=True, timeout=30, check=False)


def test_ends_well_when_asked_to() -> None:
    load = Load("backends_for_tests:Speaker", {}, logging.INFO)
    done = talk(encode(load) + encode(Close()))
    assert done.returncode == 0
    assert done.stderr == b""


def test_ends_at_once_when_stdin_ends() -> None:
    done = talk(b"")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_bytes_that_are_no_frames_end_it_and_are_logged() -> None:
    done = talk(b"\xff\xff\xff\xff")
    assert done.returncode == 1
    (frame,) = FrameDecoder().feed(done.stdout)
    assert "over the limit" in str(frame)


def test_starting_imports_nothing_heavy() -> None:
    code = (
        "import sys, engine.hosting.worker\n"
        "heavy = {'asyncio', 'numpy', 'importlib.metadata', 'subprocess', 'tomlkit'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_loaded_is_answered() -> None:
    load = Load("backends_for_tests:Listener", {}, logging.INFO)
    with subprocess.Popen(worker_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(encode(load))
        process.stdin.flush()
        decoder = FrameDecoder()
        frames = []
        while not frames:
            frames = decoder.feed(process.stdout.read(1))
        process.stdin.write(encode(Close()))
        process.stdin.flush()
        assert process.wait(timeout=30) == 0
    assert isinstance(frames[0], Loaded)
