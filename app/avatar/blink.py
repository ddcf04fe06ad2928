"""Blinks as people blink: at irregular intervals that depend on what they do, sometimes twice, faster down
than up.

Spontaneous blinks a minute: about 17 at rest, 26 in conversation, fewer while attention is held (Bentivoglio
and others, 1997). A change of gaze or of feeling often brings one along, which also covers the change.
"""

from __future__ import annotations

import math
import random

from app.avatar.activity import Activity

_INTERVAL_S: dict[Activity, float] = {"idle": 3.6, "listening": 4.6, "thinking": 3.0, "speaking": 2.4}
"""Mean time between blinks."""

_SPREAD = 0.55
"""Of the logarithm of the intervals."""

_CLOSING_S, _CLOSED_S, _OPENING_S = 0.075, 0.035, 0.15
_DOUBLE = 0.13
"""Share of blinks that are followed by another at once."""
_REST_S = 0.45
"""Least time from one blink to the next. No blink lasts longer."""
_SLOWEST = 1.6


class Blink:
    def __init__(self, rng: random.Random) -> None:
        self.activity: Activity = "idle"
        self._random = rng
        self._start = -math.inf
        self._slowness = 1.0
        self._double = False
        self._next = self._interval()

    def soon(self, now: float) -> None:
        """Blinks at `now`, unless the last blink is only just over."""
        if now - self._start > _REST_S and now < self._next:
            self._next = now

    def closed(self, now: float, slowness: float = 1.0) -> float:
        """How far the lids are down, 0..1. `slowness`, 1..1.6, is that of blinks beginning now."""
        while now >= self._next:
            self._start = self._next
            self._slowness = min(max(slowness, 1.0), _SLOWEST)
            self._double = not self._double and self._random.random() < _DOUBLE
            self._next += _REST_S if self._double else self._interval()
        passed = (now - self._start) / self._slowness
        if passed < _CLOSING_S:
            return _eased(passed / _CLOSING_S)
        return 1.0 - _eased((passed - _CLOSING_S - _CLOSED_S) / _OPENING_S)

    def _interval(self) -> float:
        mean = _INTERVAL_S[self.activity]
        return max(_REST_S, mean * self._random.lognormvariate(-_SPREAD * _SPREAD / 2, _SPREAD))


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)
