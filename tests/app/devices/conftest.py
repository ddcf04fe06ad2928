from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_worker_is_left() -> Iterator[None]:
    """Fails a test that leaves a process behind which holds a sound device."""
    yield
    children = [
        pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
    ]
    commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children]
    assert [command for command in commands if b"app.devices.worker" in command] == []
