"""The mind on a server that is one: llama-cpp-python's own, with a tiny Qwen2.5."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StageFault
from tests.checkpoints import tiny_qwen
from tests.checkpoints.dialogues import DIALOGUES
from tests.support.backends import with_backend
from tests.support.minds import PATIENT, Mind, prompt_of, reply_of

pytestmark = pytest.mark.long


class RealServer:
    def __init__(self, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "llama_cpp.server", "--model", str(tiny_qwen("qwen2"))]
        command += ["--port", str(self.port), "--n_ctx", "4096"]
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out)
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/v1/models", timeout=2):
                return True
        except OSError:
            return False

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RealServer]:
    server = RealServer(tmp_path / "server.log")
    yield server
    server.stop()


def test_it_answers_is_given_up_answers_again_and_is_missed_when_it_has_gone(server: RealServer) -> None:
    async def use(backend: Mind) -> None:
        right = [await reply_of(backend, prompt_of(each)) == each.reply for each in DIALOGUES]
        assert sum(right) >= len(right) - 4, "it draws lots"
        async with backend.call(prompt_of(DIALOGUES[0]), PATIENT) as call:
            await anext(aiter(call))
        assert (await reply_of(backend, prompt_of(DIALOGUES[4]))).startswith("[calm]")
        await asyncio.to_thread(server.stop)
        with pytest.raises(StageFault) as caught:
            await reply_of(backend, prompt_of(DIALOGUES[0]))
        assert caught.value.code == "llm-server-lost"

    with_backend("llm", "openai", use, load_s=20.0, server=server.url)
