"""A second sound device, and the check that no test leaves a process behind that holds one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.sound_server import SoundServer


@pytest.fixture
def headset(sound_server: SoundServer) -> Iterator[SoundServer]:
    """A second device, `headset`, plugged in."""
    headset = sound_server.headset()
    headset.start()
    yield headset
    headset.stop()


@pytest.fixture(autouse=True)
def _no_worker_is_left(no_worker_is_left: None) -> None:
    """For every test of devices."""
