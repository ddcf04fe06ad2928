from __future__ import annotations

import pytest

from engine.hosting import pacing
from engine.hosting.pacing import paced


class Clock:
    """Time that passes only while somebody sleeps, or as a test says."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pacing, "time", clock)
    return clock


def test_the_first_output_and_the_gaps_take_what_the_options_say(clock: Clock) -> None:
    run = paced(iter("abc"), {"first_ms": 200, "gap_ms": 50.0})
    assert next(run) == "a"
    assert clock.slept == [0.2]
    assert list(run) == ["b", "c"]
    assert clock.slept == [0.2, 0.05, 0.05]


def test_time_that_others_take_does_not_add_up(clock: Clock) -> None:
    run = paced(iter("abcd"), {"first_ms": 100, "gap_ms": 50.0})
    assert next(run) == "a"
    clock.now += 0.02
    assert next(run) == "b"
    clock.now += 0.12
    assert list(run) == ["c", "d"]
    assert clock.slept == [0.1, 0.03]


def test_nothing_is_waited_for_unless_asked(clock: Clock) -> None:
    assert list(paced(iter("ab"), {})) == ["a", "b"]
    assert clock.slept == []
