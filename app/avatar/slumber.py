"""Sleep: after minutes without any event her lids grow heavy and she falls asleep; any event wakes her."""

from __future__ import annotations

from app.avatar.spring import Spring

DROWSY_AFTER_S = 285.0
ASLEEP_AFTER_S = 300.0
_DROWSY = 0.3
_FALLING_ASLEEP, _WAKING = 0.9, 3.5
"""Speeds, 1/s."""


class Slumber:
    def __init__(self) -> None:
        self.asleep = False
        self._depth = Spring(speed=_FALLING_ASLEEP)
        self._stirred = 0.0

    def stir(self, now: float) -> None:
        """Something happened."""
        self._stirred = now
        self.asleep = False
        if self._depth.target:
            self._depth.aim(0.0, now, speed=_WAKING)

    def depth(self, now: float) -> float:
        """How far asleep she is, 0..1."""
        for after, depth in ((DROWSY_AFTER_S, _DROWSY), (ASLEEP_AFTER_S, 1.0)):
            if now - self._stirred >= after and self._depth.target < depth:
                self._depth.aim(depth, self._stirred + after, speed=_FALLING_ASLEEP)
        self.asleep = self._depth.target == 1.0
        return self._depth.at(now)
