"""What tests of the window's side get: an application set up for live2d, or a skip that says why not; and a
sound server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.avatar.display import why_not
from tests.support.sound_server import SoundServer
from tests.support.sound_workers import sound_workers


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """pytest-qt makes the one application of the tests from this."""
    if reason := why_not():
        pytest.skip(reason)
    from app.avatar.live2d_setup import prepare

    prepare()
    return QApplication


@pytest.fixture(scope="module")
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
def no_worker_is_left() -> Iterator[None]:
    """Fails a test that leaves a process behind which holds a sound device."""
    yield
    assert sound_workers() == []
