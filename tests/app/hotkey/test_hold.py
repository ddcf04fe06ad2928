"""When a key is held: what people do, and what X11 makes of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.hotkey.hold import RELEASE_S, Hold


def run(events: list[tuple[float, bool]], until: float) -> list[tuple[float, bool]]:
    """What becomes of key events (seconds, down): when the key begins and ends to be held."""
    hold, seen = Hold(), []

    def pass_time(now: float) -> None:
        if hold.due is not None and hold.due <= now:
            due = hold.due
            assert hold.let_go(now)
            seen.append((due, False))

    for now, down in sorted(events, key=lambda event: event[0]):
        pass_time(now)
        if down:
            if hold.down(now):
                seen.append((now, True))
        else:
            hold.up(now)
    pass_time(until)
    return seen


def repeated(start: float, end: float, delay: float, period: float) -> list[tuple[float, bool]]:
    """A key that is held from `start` to `end`, as X11 tells of it: after `delay` a pair every `period`."""
    events, at = [(start, True)], start + delay
    while at + 0.001 < end:
        events += [(at, False), (at + 0.0005, True)]
        at += period
    return [*events, (end, False)]


@given(st.floats(0.03, 0.06), st.floats(0.0, 0.66))
def test_five_seconds_of_repeats_are_one_hold(period: float, delay: float) -> None:
    seen = run(repeated(1.0, 6.0, delay, period), 10.0)
    assert [down for _, down in seen] == [True, False]
    assert seen[0][0] == 1.0
    assert 0 <= seen[1][0] - 6.0 <= RELEASE_S + 1e-9


def test_a_short_press_and_another_are_two() -> None:
    seen = run([(0.0, True), (0.1, False), (0.2, True), (0.25, False)], 1.0)
    assert [down for _, down in seen] == [True, False, True, False]


def test_a_press_that_comes_before_the_clock_looked_is_another() -> None:
    hold = Hold()
    assert hold.down(0.0)
    hold.up(0.1)
    assert hold.down(0.2)
    assert hold.held
    assert hold.due is None


@given(st.lists(st.tuples(st.floats(0, 5), st.booleans()), max_size=40))
def test_held_and_let_go_take_turns_and_nothing_is_held_for_ever(events: list[tuple[float, bool]]) -> None:
    seen = run([*events, (6.0, False)], 7.0)
    assert [down for _, down in seen] == [index % 2 == 0 for index in range(len(seen))]
    assert len(seen) % 2 == 0
