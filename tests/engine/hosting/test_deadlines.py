from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hosting.deadlines import Deadlines, Watch

LIMITS = Deadlines(first_s=5.0, gap_s=2.0, total_s=20.0)


def test_nothing_is_due_before_the_start() -> None:
    watch = Watch(LIMITS)
    watch.output(3.0)  # a partial while the feed is open
    assert watch.due is None


def test_first_output() -> None:
    watch = Watch(LIMITS)
    watch.output(50.0)
    watch.start(100.0)
    assert watch.due == 105.0
    assert watch.reason == "gave no first result within 5 s"


def test_gap() -> None:
    watch = Watch(LIMITS)
    watch.start(100.0)
    watch.output(104.0)
    assert watch.due == 106.0
    assert watch.reason == "gave nothing more for 2 s"


def test_total() -> None:
    watch = Watch(LIMITS)
    watch.start(100.0)
    for second in range(101, 120):
        watch.output(second)
    assert watch.due == 120.0
    assert watch.reason == "was not done after 20 s"


def test_the_clock_stands_while_the_consumer_is_slow() -> None:
    watch = Watch(LIMITS)
    watch.start(100.0)
    watch.output(101.0)
    watch.pause(101.5)
    assert watch.paused
    assert watch.due is None
    watch.resume(900.0)
    assert watch.due == 901.5  # half a second of the gap was used


def test_a_feed_that_ends_while_the_consumer_is_slow() -> None:
    watch = Watch(LIMITS)
    watch.pause(1.0)
    watch.start(2.0)
    assert watch.due is None
    watch.resume(10.0)
    assert watch.due == 15.0


def test_pausing_before_the_start_costs_nothing() -> None:
    watch = Watch(LIMITS)
    watch.pause(1.0)
    watch.resume(50.0)
    assert watch.due is None
    watch.start(60.0)
    assert watch.due == 65.0


STEPS = st.lists(st.tuples(st.sampled_from(["output", "pause", "resume"]), st.floats(0, 3)), max_size=20)


@settings(deadline=None)
@given(STEPS)
def test_due_is_where_a_simple_simulation_says(steps: list[tuple[str, float]]) -> None:
    watch = Watch(LIMITS)
    watch.start(0.0)
    now, held, limit, paused = 0.0, 0.0, LIMITS.first_s, False
    for name, wait in steps:
        now += wait
        held += 0.0 if paused else wait
        step: Callable[[float], None] = getattr(watch, name)
        if name == "output":
            if paused:
                continue  # a paused backend gives none
            limit = held + LIMITS.gap_s
        elif name == "pause":
            paused = True
        else:
            paused = False
        step(now)
    expected = None if paused else now + min(limit, LIMITS.total_s) - held
    assert watch.due == (None if expected is None else pytest.approx(expected))
