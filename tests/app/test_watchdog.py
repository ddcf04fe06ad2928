"""Pauses of the Qt thread are seen, with what made them."""

from __future__ import annotations

import logging
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
