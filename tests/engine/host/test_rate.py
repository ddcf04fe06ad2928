from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.host.rate import BURST, PER_SECOND, Rate


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    rate = Rate(0.0)
    waits = [rate.wait_ms(0.0) for _ in range(int(BURST) + 3)]
    assert waits[: int(BURST)] == [0.0] * int(BURST)
    assert waits[-1] == 3 * 1000 / PER_SECOND


def test_who_sends_less_than_the_rate_never_waits() -> None:
    rate = Rate(0.0)
    assert all(rate.wait_ms(10.0 * number) == 0 for number in range(10_000))


@given(st.lists(st.floats(0, 50), max_size=300))
def test_whoever_waits_as_told_keeps_to_the_rate(pauses: list[float]) -> None:
    rate = Rate(0.0)
    now = 0.0
    for pause in pauses:
        now += pause
        now += rate.wait_ms(now)
    assert len(pauses) <= BURST + now * PER_SECOND / 1000 + 1
