"""A sound server for the tests of devices, and the check that no process is left holding one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.support.sound_server import SoundServer
from tests.support.sound_workers import sound_workers


@pytest.fixture(scope="session")
def _running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    if not shutil.which("pulseaudio") or not shutil.which("pacat"):
        pytest.skip("PulseAudio is not installed: nothing to play on")
    server = SoundServer(tmp_path_factory.mktemp("sound") / "run")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sound_server(_running_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> SoundServer:
    """A running sound server; this process plays on it and listens to it."""
    for name, value in _running_server.env.items():
        monkeypatch.setenv(name, value)
    return _running_server


@pytest.fixture
def headset(sound_server: SoundServer) -> Iterator[SoundServer]:
    """A second device, `headset`, plugged in."""
    headset = sound_server.headset()
    headset.start()
    yield headset
    headset.stop()


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    """Fails a test that leaves a process behind which holds a sound device."""
    yield
    assert sound_workers() == []
