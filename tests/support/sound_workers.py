"""The processes of this one that hold a sound device. Linux only, as is the sound server of the tests."""

from __future__ import annotations

from pathlib import Path


def sound_workers() -> list[int]:
    """Their ids."""
    children = [
        pid for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()
    ]
    return [
        int(pid) for pid in children if b"app.devices.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
