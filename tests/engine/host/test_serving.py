from __future__ import annotations

import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli import main
from engine.clock import SystemClock
from engine.errors import EnvironmentFault
from engine.host.devices import Devices
from tests.support.hosted import served
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
    async def talk_to_another() -> None:
        async with served(tmp_path):
            pytest.fail("it was served")

    with serving(tmp_path) as host:
        deadline = time.monotonic() + 20
        while not (tmp_path / "lock.pid").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert host.port
        with pytest.raises(EnvironmentFault, match="data-folder-in-use"):
            asyncio.run(talk_to_another())
