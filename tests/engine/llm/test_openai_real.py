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

from engine.conversation.prompt import Prompt
from engine.errors import StageFault
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.llm import TextPiece
from engine.registry import find_backend
from tests.checkpoints import tiny_qwen
from tests.checkpoints.dialogues import DIALOGUES
from tests.support.minds import prompt_of

pytestmark = pytest.mark.long

PATIENT = Deadlines(30.0, 30.0, 60.0)


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
    async def reply(backend: HostedBackend[Prompt, TextPiece], number: int) -> str:
        async with backend.call(prompt_of(DIALOGUES[number]), PATIENT) as call:
            return "".join([piece.text async for piece in call])

    async def main() -> None:
        backend: HostedBackend[Prompt, TextPiece] = HostedBackend(
            find_backend("llm", "openai", {"server": server.url}),
            worker=False,
            load_s=20.0,
            on_state=lambda *state: None,
        )
        await backend.start()
        try:
            right = [
                await reply(backend, number) == DIALOGUES[number].reply for number in range(len(DIALOGUES))
            ]
            assert sum(right) >= len(right) - 4, "it draws lots"
            async with backend.call(prompt_of(DIALOGUES[0]), PATIENT) as call:
                await anext(aiter(call))
            assert (await reply(backend, 4)).startswith("[calm]")
            await asyncio.to_thread(server.stop)
            with pytest.raises(StageFault) as caught:
                await reply(backend, 0)
            assert caught.value.code == "llm-server-lost"
        finally:
            await backend.close()

    asyncio.run(main())
