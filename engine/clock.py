"""The one place that reads a clock. Logic takes times as arguments; edges ask a Clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Source of time for the edges."""

    def now_ms(self) -> float:
        """Monotonic milliseconds; only differences mean anything."""
        ...

    def wall_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC, for dates that are kept."""
        ...


class SystemClock:
    """The computer's own clocks."""

    def now_ms(self) -> float:
        return time.perf_counter() * 1000.0

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000


class ManualClock:
    """A clock that moves only when told to (tests, and recordings run faster than real time)."""

    def __init__(self, now_ms: float = 0.0, wall_ms: int = 1_700_000_000_000) -> None:
        self._now_ms = now_ms
        self._wall_ms = wall_ms

    def now_ms(self) -> float:
        return self._now_ms

    def wall_ms(self) -> int:
        return self._wall_ms

    def advance(self, ms: float) -> None:
        """Moves both times forward by `ms` (>= 0)."""
        self._now_ms += ms
        self._wall_ms += round(ms)
