"""Pauses of the Qt thread are seen, with what made them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

import pytest
from pytestqt.qtbot import QtBot

from app.watchdog import LONGEST_S, Watchdog


def test_a_pause_is_told_with_its_place(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "app.watchdog")
    watchdog = Watchdog()
    qtbot.wait(100)
    caplog.clear()
    time.sleep(6 * LONGEST_S)  # what nobody may do
    qtbot.wait(100)
    watchdog.close()
    told = [record.getMessage() for record in caplog.records if "test_watchdog" in record.getMessage()]
    assert len(told) == 1
    assert "what nobody may do" in told[0]


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells how long a thread waits for a processor"
)
def test_other_programs_are_not_its_fault(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "app.watchdog")
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(12)]
    core = min(os.sched_getaffinity(0))
    everywhere = os.sched_getaffinity(0)
    try:
        for process in busy:
            os.sched_setaffinity(process.pid, {core})
        os.sched_setaffinity(0, {core})  # this thread, which is that of Qt
        watchdog = Watchdog()
        until = time.monotonic() + 2
        while time.monotonic() < until:
            sum(range(500_000))
            qtbot.wait(5)
        watchdog.close()
    finally:
        os.sched_setaffinity(0, everywhere)
        for process in busy:
            process.kill()
            process.wait()
    assert [record.getMessage() for record in caplog.records if record.name == "app.watchdog"] == []
