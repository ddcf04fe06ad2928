from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.host.guesses import (
    FREE_FAILURES,
    LONGEST_LOCAL_S,
    LONGEST_S,
    MOST_SOURCES,
    QUIET_MS,
    Guesses,
    guesses_file,
    source_of,
)

NOW = 1_700_000_000_000
STRANGER = "203.0.113.9"


def failed(times: int, peer: str = STRANGER) -> Guesses:
    guesses = Guesses()
    for _ in range(times):
        guesses.failed(peer, NOW)
    return guesses


def test_ten_failures_are_free_then_delays_double_up_to_a_minute() -> None:
    guesses = Guesses()
    delays = []
    for _ in range(FREE_FAILURES + 9):
        delays.append(guesses.delay_s(STRANGER, NOW))
        guesses.failed(STRANGER, NOW)
    assert delays == [0.0] * FREE_FAILURES + [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_ten_thousand_attempts_of_one_who_waits_as_told_take_a_week() -> None:
    guesses, now = Guesses(), NOW
    for _ in range(10_000):
        now += int(guesses.delay_s(STRANGER, now) * 1000)
        guesses.failed(STRANGER, now)
    assert now - NOW > 9_900 * 60 * 1000


def test_a_local_user_is_never_locked_out() -> None:
    guesses = failed(10_000, "127.0.0.1")
    assert guesses.delay_s("::1", NOW) == LONGEST_LOCAL_S <= 5
    assert guesses.delay_s(STRANGER, NOW) == 0


def test_quiet_is_forgiven() -> None:
    guesses = failed(50)
    assert guesses.delay_s(STRANGER, NOW + QUIET_MS - 1) == LONGEST_S
    assert guesses.delay_s(STRANGER, NOW + QUIET_MS) == 0
    guesses.failed(STRANGER, NOW + QUIET_MS)
    assert guesses.delay_s(STRANGER, NOW + QUIET_MS) == 0


def test_a_clock_set_back_does_not_punish_for_hours() -> None:
    assert failed(50).delay_s(STRANGER, NOW - 3_600_000) == 0


def test_it_survives_a_restart(tmp_path: Path) -> None:
    guesses = failed(FREE_FAILURES + 3)
    guesses_file(tmp_path).change(lambda _: (guesses.kept, None))
    assert Guesses(guesses_file(tmp_path).read()).delay_s(STRANGER, NOW + 1) == 8


def test_memory_is_bounded_and_the_oldest_is_forgotten_first() -> None:
    guesses = failed(20)
    for number in range(MOST_SOURCES - 1):
        guesses.failed(f"10.0.{number // 256}.{number % 256}", NOW)
    assert guesses.delay_s(STRANGER, NOW) == LONGEST_S
    guesses.failed(STRANGER, NOW)  # now the newest
    for number in range(MOST_SOURCES - 1):
        guesses.failed(f"10.1.{number // 256}.{number % 256}", NOW)
    assert guesses.delay_s(STRANGER, NOW) == LONGEST_S
    guesses.failed("10.2.0.0", NOW)
    assert guesses.delay_s(STRANGER, NOW) == 0
    assert len(guesses.kept.sources) == MOST_SOURCES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.1", "203.0.113.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("127.0.0.1", "127.8.8.8", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("somewhere", "elsewhere", False),
    ],
)
def test_what_counts_as_one_source(one: str, other: str, same: bool) -> None:
    assert (source_of(one) == source_of(other)) is same


@given(st.text())
def test_any_peer_is_a_short_source(peer: str) -> None:
    assert len(source_of(peer)) <= 64
