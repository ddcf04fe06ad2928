"""A whole conversation on a disk that is full for a while. Needs root on Linux, to mount a small disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.cli.test_chat import chat, environment

SAID = ("My name is Alice", "I live in Paris", "I have a dog called Rex")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk needs root on Linux")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_nothing_said_on_a_full_disk_is_lost(small_disk: Path) -> None:
    data = small_disk / "data"
    with subprocess.Popen(
        [sys.executable, "-m", "engine.cli", "chat", "--mute"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(data),
        text=True,
        encoding="utf-8",
    ) as child:
        assert child.stdin
        assert child.stdout
        assert "Rio is here" in child.stdout.readline()
        _fill(small_disk / "filling")
        child.stdin.write("\n".join(SAID) + "\n")
        child.stdin.flush()
        shown = ""
        while "dog called Rex" not in shown:
            shown += child.stdout.readline()
        (small_disk / "filling").unlink()
        rest, errors = child.communicate("thank you\n", timeout=60)
    assert (child.returncode, errors) == (0, "")
    assert shown.count("cannot be saved at the moment") == 1
    assert (shown + rest).count("Saving works again") == 1
    again = chat(data, "what is my name", "where do I live", "what is my dog called").stdout
    for value in ("Alice", "Paris", "Rex"):
        assert value in again


def _fill(path: Path) -> None:
    """Takes all the room there is, to the last byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                time.sleep(0)
