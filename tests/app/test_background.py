"""Work away from the Qt thread."""

from __future__ import annotations

import logging
import threading

from pytestqt.qtbot import QtBot

from app.background import Background
from engine.errors import CompanionError, EnvironmentFault
from tests.conftest import ExpectLog


def test_results_arrive_in_the_qt_thread_in_order(qtbot: QtBot) -> None:
    background, results, threads = Background(), [], set()

    def work(number: int) -> int:
        threads.add(threading.get_ident())
        return number

    for number in range(50):
        background.do(lambda number=number: work(number), results.append, lambda error: None)
    qtbot.waitUntil(lambda: len(results) == 50)
    assert results == list(range(50))
    assert threading.get_ident() not in threads
    background.close()


def test_failures_are_coded(qtbot: QtBot, expect_log: ExpectLog) -> None:
    expect_log("work in the background failed", level=logging.ERROR)
    background, faults = Background(), []

    def full() -> None:
        raise EnvironmentFault("disk-full", "The disk is full.")

    def failure(error: CompanionError) -> None:
        faults.append(error.code)

    background.do(full, lambda value: None, failure)
    background.do(lambda: 1 // 0, lambda value: None, failure)
    qtbot.waitUntil(lambda: faults == ["disk-full", "internal-error"])
    background.close()


def test_closing_waits_for_the_work_and_tells_nothing_more(qtbot: QtBot) -> None:
    background, may_end, written, told = Background(), threading.Event(), [], []

    def write() -> None:
        may_end.wait(5)
        written.append(True)

    background.do(write, told.append, lambda error: None)
    threading.Timer(0.05, may_end.set).start()
    background.close()
    assert written == [True]
    qtbot.wait(20)
    assert told == []
