"""Pairing a client with a host over TLS, and talking to it: every program a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.client import pairing_string
from tests.support.placements import HostProcess, scripted_env


def command(env: dict[str, str], *arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "engine.cli", *arguments],
        input=lines,
        env={**env, "PYTHONIOENCODING": "utf-8", "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def host_env(tmp_path: Path) -> dict[str, str]:
    return scripted_env(tmp_path / "host", COMPANION_HOST_TLS="true")


@pytest.fixture
def host(host_env: dict[str, str]) -> Iterator[HostProcess]:
    process = HostProcess(host_env)
    yield process
    process.stop()


def kill_next_holder(holder: Path, killed: str) -> str:
    """Kills the engine that has the data folder, once it is another than `killed`; returns which it was."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        pid = holder.read_text() if holder.exists() else ""
        if pid and pid != killed:
            os.kill(int(pid), getattr(signal, "SIGKILL", signal.SIGTERM))
            return pid
        time.sleep(0.05)
    raise AssertionError("no engine came back")


def paired(env: dict[str, str], port: int) -> str:
    """A pairing string for the host that runs on `port`."""
    result = command({**env, "COMPANION_HOST_PORT": str(port)}, "pair")
    return next(line for line in result.stdout.splitlines() if line.startswith("companion:"))


def test_a_device_pairs_talks_and_meets_its_own_memories(
    tmp_path: Path, host: HostProcess, host_env: dict[str, str]
) -> None:
    device = scripted_env(tmp_path / "device")
    string = paired(host_env, host.port)
    result = command(device, "connect", string)
    assert result.returncode == 0, result.stderr
    assert "Paired with 127.0.0.1" in result.stdout
    assert "no keyring" in result.stdout
    assert not (tmp_path / "device" / "companion.db").exists()

    talk = command(device, "chat", "--engine", "remote", "--mute", lines="hello\n/quit\n")
    assert talk.returncode == 0, talk.stderr
    assert "Hello there." in talk.stdout

    again = command(device, "connect", lines=string + "\n")
    assert again.returncode == 2
    assert "(pairing-failed)" in again.stderr


def test_another_certificate_is_refused_before_the_code_is_told(
    tmp_path: Path, host: HostProcess, host_env: dict[str, str]
) -> None:
    pairing = pairing_string.read(paired(host_env, host.port))
    string = pairing_string.write(pairing._replace(fingerprint="0" * 64))
    result = command(scripted_env(tmp_path / "device"), "connect", string)
    assert result.returncode == 2
    assert "(host-changed)" in result.stderr


def test_a_host_that_is_not_there_is_named(tmp_path: Path) -> None:
    pairing = pairing_string.Pairing("127.0.0.1", 9, "0" * 64, "K3QW-7ZB2-MEXA-P5JT")
    result = command(scripted_env(tmp_path / "device"), "connect", pairing_string.write(pairing))
    assert result.returncode == 1
    assert "127.0.0.1:9" in result.stderr
    assert "(host-unreachable)" in result.stderr


def test_without_a_paired_host_there_is_nothing_to_talk_to(tmp_path: Path) -> None:
    result = command(scripted_env(tmp_path / "device"), "chat", "--engine", "remote")
    assert result.returncode == 2
    assert "companion-engine connect" in result.stderr


def test_chat_in_a_child_process(tmp_path: Path) -> None:
    result = command(scripted_env(tmp_path / "data"), "chat", "--engine", "child", "--mute", lines="hi\n")
    assert result.returncode == 0, result.stderr
    assert "Hello there." in result.stdout


def test_a_conversation_whose_engine_is_lost_for_good_ends(tmp_path: Path) -> None:
    data = tmp_path / "data"
    env = scripted_env(data)
    arguments = [sys.executable, "-P", "-m", "engine.cli", "chat", "--engine", "child", "--mute"]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as chat:
        assert chat.stdout
        chat.stdout.readline()
        killed = ""
        for _ in range(4):
            killed = kill_next_holder(data / "lock.pid", killed)
        told = chat.stdout.read().decode()
        assert chat.wait(60) == 1
        assert "(engine-crashing)" in told
