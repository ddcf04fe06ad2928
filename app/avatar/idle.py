"""Life at rest: breath, a body that is never quite still, weight shifted now and then, and idle motions.

Nothing here loops visibly. Motions come in random order, never twice in a row, with pauses; the sway is a sum
of sines whose periods have no common multiple worth the name.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from app.avatar.motion import Motion
from app.avatar.pose import Pose, add
from app.avatar.spring import Spring
from app.avatar.track import Track

_SWAY: tuple[tuple[str, float, tuple[float, ...]], ...] = (
    ("ParamAngleX", 2.2, (7.31, 11.87, 4.19)),
    ("ParamAngleY", 1.6, (5.93, 9.71, 3.37)),
    ("ParamAngleZ", 2.0, (8.83, 13.37, 5.23)),
    ("ParamBodyAngleX", 0.9, (10.39, 16.01, 6.11)),
    ("ParamBodyAngleY", 0.7, (12.71, 7.93, 5.51)),
    ("ParamBodyAngleZ", 0.8, (14.33, 9.07, 6.67)),
    ("ParamArmLA", 0.5, (6.29, 10.93, 4.57)),
    ("ParamArmRA", 0.5, (6.83, 11.59, 4.93)),
)
"""Parameter, size in its units, periods in seconds."""

_WEIGHT_DEGREES = 2.6
_WEIGHT_PAUSE_S = (9.0, 24.0)
_MOTION_PAUSE_S = (1.5, 7.0)
_BREATH_AWAKE_S, _BREATH_ASLEEP_S = 3.7, 6.2


class Idle:
    def __init__(self, motions: Sequence[Motion], rng: random.Random) -> None:
        self._motions = motions
        self._random = rng
        self._track = Track()
        self._last: Motion | None = None
        self._next_motion = self._random.uniform(*_MOTION_PAUSE_S)
        self._weight = Spring(speed=1.6)
        self._next_weight = self._random.uniform(*_WEIGHT_PAUSE_S)
        self._breath = self._random.random()
        self._now = 0.0
        self._sway = tuple(
            (
                parameter,
                size / len(periods),
                tuple((2 * math.pi / period, 7 * rng.random()) for period in periods),
            )
            for parameter, size, periods in _SWAY
        )

    def apply(self, pose: Pose, now: float, wakefulness: float) -> None:
        """Lays idle life over the pose; `wakefulness`, 0..1, is how much of it is left."""
        self._play(now, wakefulness)
        self._track.apply(pose, now)
        while now >= self._next_weight:
            side = -1.0 if self._weight.target > 0 else 1.0
            self._weight.aim(side * self._random.uniform(0.2, 1.0) * _WEIGHT_DEGREES, self._next_weight)
            self._next_weight += self._random.uniform(*_WEIGHT_PAUSE_S)
        weight = self._weight.at(now) * wakefulness
        add(pose, "ParamBodyAngleZ", weight)
        add(pose, "ParamAngleZ", -0.6 * weight)
        stillness = 0.3 + 0.7 * wakefulness
        for parameter, size, waves in self._sway:
            if parameter in pose:
                sway = sum(math.sin(speed * now + phase) for speed, phase in waves)
                pose[parameter] += size * stillness * sway
        self._breathe(pose, now, wakefulness)

    def _play(self, now: float, wakefulness: float) -> None:
        while self._motions and now >= self._next_motion:
            if wakefulness > 0.9:
                others = [motion for motion in self._motions if motion is not self._last] or self._motions
                self._last = self._random.choice(others)
                self._track.play(self._last, self._next_motion)
            self._next_motion = max(self._next_motion, self._track.ends()) + self._random.uniform(
                *_MOTION_PAUSE_S
            )
        if wakefulness < 0.5:
            self._track.stop(now)

    def _breathe(self, pose: Pose, now: float, wakefulness: float) -> None:
        seconds = _BREATH_ASLEEP_S + (_BREATH_AWAKE_S - _BREATH_ASLEEP_S) * wakefulness
        self._breath = (self._breath + (now - self._now) / seconds) % 1.0
        self._now = now
        if "ParamBreath" in pose:
            pose["ParamBreath"] = 0.5 - 0.5 * math.cos(2 * math.pi * self._breath)
