"""How many messages one client may send: a token bucket."""

from __future__ import annotations

PER_SECOND = 200.0
"""Messages a client may send on average. Speaking, being spoken to and typing take about 70."""
BURST = 1000.0


class Rate:
    """Times are milliseconds of one monotonic clock."""

    def __init__(self, now_ms: float) -> None:
        self._left = BURST
        self._at_ms = now_ms

    def wait_ms(self, now_ms: float) -> float:
        """How long to wait before reading on, after one more message."""
        self._left = min(BURST, self._left + (now_ms - self._at_ms) * PER_SECOND / 1000)
        self._at_ms = now_ms
        self._left -= 1
        return max(0.0, -self._left * 1000 / PER_SECOND)
