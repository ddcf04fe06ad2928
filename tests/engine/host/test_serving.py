from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import websockets
from websockets.asyncio.client import connect

from engine.cli import main
from engine.clock import SystemClock
from engine.host.devices import Devices
from engine.messages import Hello, InputText, ReplyDone
from tests.support.hosted import Peer
from tests.support.serving_process import QUIET, SCRIPTED, serving


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["serve", *arguments]) == 1
    return capsys.readouterr().err


def test_another_address_needs_encryption_and_somebody_who_may_come(
    data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "tls-required" in refusal(capsys, "--address", "0.0.0.0")
    assert "nobody-paired" in refusal(capsys, "--address", "0.0.0.0", "--tls")
    Devices(data_dir, SystemClock()).pair("laptop")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert "port-unusable" in refusal(capsys, "--port", port)


@pytest.mark.parametrize("port", ["-1", "65536", "x", ""])
def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], port: str) -> None:
    with pytest.raises(SystemExit):
        main(["serve", f"--port={port}"])
    assert "0 to 65535" in capsys.readouterr().err


def test_a_child_without_a_token_does_not_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert "no-token" in refusal(capsys, "--child")


def test_the_end_of_the_parent_is_the_end_of_the_child(tmp_path: Path) -> None:
    with serving(tmp_path) as host:
        assert host.process.stdin
        host.process.stdin.close()
        assert host.process.wait(timeout=20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
def test_sigterm_ends_it_well(tmp_path: Path) -> None:
    env = {**os.environ, **SCRIPTED, **QUIET, "COMPANION_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-P", "-m", "engine.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as host:
        assert host.stdout
        assert "Serving on http://127.0.0.1:" in host.stdout.readline()
        time.sleep(1)
        host.send_signal(signal.SIGTERM)
        _, errors = host.communicate(timeout=30)
    assert errors == ""
    assert host.returncode in (0, -signal.SIGTERM)


def test_two_hosts_cannot_share_a_data_folder(tmp_path: Path) -> None:
    with serving(tmp_path) as host:
        assert asyncio.run(ready(host.port))
        env = {**os.environ, **SCRIPTED, **QUIET, "COMPANION_DATA_DIR": str(tmp_path)}
        command = [sys.executable, "-P", "-m", "engine.cli", "serve", "--port", "0"]
        second = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
        assert second.returncode == 1
        assert "data-folder-in-use" in second.stderr
        assert "Traceback" not in second.stderr
        assert asyncio.run(ready(host.port))


def test_any_asgi_server_can_serve_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, **SCRIPTED, **QUIET, "COMPANION_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "uvicorn", "engine.host.server:app", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as server:
        try:
            assert asyncio.run(ready(port))
            asyncio.run(talk(port, (tmp_path / "local.token").read_text()))
        finally:
            server.terminate()
            server.wait(timeout=30)


async def ready(port: int) -> bool:
    """True as soon as the host says that it is ready; False after half a minute."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(f"http://127.0.0.1:{port}/ready")).status_code == 200:
                    return True
            await asyncio.sleep(0.1)
    return False


async def talk(port: int, token: str) -> None:
    url = f"ws://127.0.0.1:{port}/ws/v1"
    async with connect(url, compression=None) as wire:
        peer = Peer(wire)
        await peer.greet(Hello(token=token))
        await peer.send(InputText(text="hello"))
        await peer.until(ReplyDone)
    with pytest.raises(websockets.InvalidStatus):
        async with connect(url, origin="https://evil.example"):
            pass
