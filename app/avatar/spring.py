"""How a value moves to where it should be: a critically damped spring, solved exactly, so that the path is
the same whatever the frame rate. It starts softly, arrives softly and does not swing past its aim."""

from __future__ import annotations

import math


class Spring:
    """A value that follows its aim. Times are seconds of one clock and never go back."""

    __slots__ = ("_at", "_offset", "_speed", "_velocity", "target")

    def __init__(self, value: float = 0.0, *, speed: float) -> None:
        """`speed`, in 1/s: after 4.7 / speed seconds 95 % of the way is done."""
        self.target = value
        self._offset = 0.0
        self._velocity = 0.0
        self._speed = speed
        self._at = 0.0

    def at(self, now: float) -> float:
        """The value at `now`."""
        passed = now - self._at
        if passed > 0:
            self._at = now
            pull = self._velocity + self._speed * self._offset
            fading = math.exp(-self._speed * passed)
            self._offset = (self._offset + pull * passed) * fading
            self._velocity = (self._velocity - self._speed * pull * passed) * fading
        return self.target + self._offset

    def aim(self, target: float, now: float, speed: float | None = None) -> None:
        """From `now` on it moves to `target`, at another `speed` if one is given."""
        value = self.at(now)
        self.target = target
        self._offset = value - target
        if speed is not None:
            self._speed = speed
