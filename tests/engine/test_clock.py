"""The clocks."""

from __future__ import annotations

from engine.clock import ManualClock, SystemClock


def test_the_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(wall_ms=5000)
    clock.advance(250)
    assert (clock.now_ms(), clock.wall_ms()) == (250.0, 5250)


def test_the_system_clock_never_goes_back() -> None:
    clock = SystemClock()
    assert clock.now_ms() <= clock.now_ms()
    assert clock.wall_ms() > 1_700_000_000_000
