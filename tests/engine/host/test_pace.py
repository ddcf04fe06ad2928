from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.host.pace import AHEAD_MS, CLIENT_BUFFER_MS, Pace

RATE = 16000
BLOCK = RATE // 10


def test_speech_is_sent_at_most_200_ms_ahead_of_real_time() -> None:
    pace = Pace(RATE)
    now = 5000.0
    sent_at: list[float] = []
    for _ in range(20):
        now += pace.wait_ms(BLOCK, now)
        pace.sent(1, BLOCK, now)
        sent_at.append(now - 5000.0)
    assert sent_at[:3] == [0.0, 0.0, 100.0]
    assert sent_at[-1] == 100.0 * 19 - 100.0


def test_what_was_heard_lags_by_the_clients_buffer_and_ends_with_the_speech() -> None:
    pace = Pace(RATE)
    pace.sent(3, 2 * BLOCK, 0.0)
    assert pace.heard(CLIENT_BUFFER_MS) == (3, 0)
    assert pace.heard(CLIENT_BUFFER_MS + 50) == (3, BLOCK // 2)
    assert pace.heard(10_000) == (3, 2 * BLOCK)


def test_a_pause_in_the_speech_stops_both_playheads() -> None:
    pace = Pace(RATE)
    pace.sent(1, BLOCK, 0.0)
    assert pace.wait_ms(BLOCK, 3000.0) == 0
    pace.sent(1, BLOCK, 3000.0)
    pace.sent(1, BLOCK, 3000.0)
    assert pace.wait_ms(BLOCK, 3000.0) == 100
    assert pace.heard(3050.0) == (1, BLOCK + BLOCK // 2)


def test_a_new_stream_starts_afresh() -> None:
    pace = Pace(RATE)
    pace.sent(1, 2 * BLOCK, 0.0)
    pace.sent(2, BLOCK, 20.0)
    assert pace.heard(20.0 + CLIENT_BUFFER_MS + 10) == (2, RATE // 100)


def test_a_block_longer_than_the_lead_is_sent_all_the_same() -> None:
    pace = Pace(RATE)
    assert pace.wait_ms(5 * BLOCK, 0.0) == 0
    pace.sent(1, 5 * BLOCK, 0.0)
    assert pace.wait_ms(BLOCK, 0.0) == 400


@given(st.lists(st.tuples(st.integers(1, 4000), st.floats(0, 500)), max_size=40))
def test_nothing_is_heard_before_it_is_sent_and_the_lead_is_kept(steps: list[tuple[int, float]]) -> None:
    pace = Pace(RATE)
    now = sent = 0.0
    last = 0
    for samples, pause in steps:
        now += pause
        now += pace.wait_ms(samples, now)
        pace.sent(1, samples, now)
        sent += samples
        _, heard = pace.heard(now)
        assert last <= heard <= sent
        last = heard
        longest = max(AHEAD_MS, samples * 1000 / RATE) + CLIENT_BUFFER_MS
        assert (sent - heard) * 1000 / RATE <= longest + 1
