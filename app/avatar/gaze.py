"""Where she looks, and how eyes, head and body get there.

The eyes jump first and rest; the head follows if the way is worth it, and while it turns the eyes come back
towards their middle, so that the gaze stays where it is; the body follows a little, later still. Even at
rest the eyes make small jumps. She looks at the user while listening and mostly while speaking, away while
thinking (always to the same side, so that a model's own motion of thinking may agree); when idle she follows
the pointer, or lets her eyes wander.

Points are -1..1 from her face to the edge of what she can look at, x to the right and y up on the screen.
"""

from __future__ import annotations

import random

from app.avatar.activity import Activity
from app.avatar.pose import Pose, add
from app.avatar.spring import Spring

Point = tuple[float, float]

_USER: Point = (0.0, 0.0)
_JUMP = 0.03
"""Size of the small jumps of resting eyes."""
_WORTH_TURNING = 0.12
"""Smallest way of the gaze that moves the head."""
_HEAD_SHARE = 0.6
"""Part of the way that the head takes over from the eyes."""
_HEAD_DEGREES: Point = (26.0, 20.0)
"""Head angles of a full way by the head alone."""
_TILT_DEGREES = 9.0
_BODY_DEGREES = 5.0
_WIDE = 0.45
"""A jump of the gaze as wide as this often brings a blink along."""
_MEETING_S = 2.5
"""How long she looks at the user who touched or greeted her."""
_INTEREST_S = 6.0
"""How long a pointer that rests is worth looking at."""


class _Axis:
    """Eyes, head and body along x or y."""

    def __init__(self) -> None:
        self.eyes = Spring(speed=28.0)
        self.head = Spring(speed=5.5)
        self.body = Spring(speed=2.2)

    def aim(self, target: float, now: float, turning: bool) -> None:
        self.eyes.aim(target, now)
        if turning:
            self.head.aim(target * _HEAD_SHARE, now)
            self.body.aim(target, now)


class Gaze:
    def __init__(self, rng: random.Random) -> None:
        self._random = rng
        self._x, self._y = _Axis(), _Axis()
        self._activity: Activity = "idle"
        self._pointer: Point | None = None
        self._followed: Point | None = None
        self._at = self._faced = _USER
        self._next = 0.0
        self._meeting_until = 0.0
        self._interested_until = 0.0

    def attend(self, activity: Activity, now: float) -> None:
        self._activity = activity
        self._next = now

    def look_at(self, point: Point | None, now: float) -> None:
        """Follows a point while there is nothing else to look at; None is no point."""
        self._pointer = point
        self._interested_until = now + _INTEREST_S
        if self._activity == "idle" and now >= self._meeting_until:
            self._next = now

    def meet(self, now: float) -> None:
        """Looks at the user for a moment."""
        self._meeting_until = now + _MEETING_S
        self._next = now

    def jumped(self, now: float) -> float | None:
        """Moves the gaze on to `now`; when it last jumped far, if it did."""
        jump = None
        while now >= self._next:
            time = self._next
            point, pause = self._choice(time)
            self._next = time + pause
            if self._aim(point, time):
                jump = time
        return jump

    def apply(self, pose: Pose, now: float, wakefulness: float) -> None:
        """Turns eyes, head and body; `wakefulness`, 0..1, is how much of it is left."""
        x, y = self._x, self._y
        head_x, head_y = x.head.at(now) * wakefulness, y.head.at(now) * wakefulness
        add(pose, "ParamEyeBallX", x.eyes.at(now) * wakefulness - head_x)
        add(pose, "ParamEyeBallY", y.eyes.at(now) * wakefulness - head_y)
        add(pose, "ParamAngleX", head_x * _HEAD_DEGREES[0])
        add(pose, "ParamAngleY", head_y * _HEAD_DEGREES[1])
        add(pose, "ParamAngleZ", -head_x * head_y * _TILT_DEGREES)
        add(pose, "ParamBodyAngleX", x.body.at(now) * wakefulness * _BODY_DEGREES)

    def _choice(self, now: float) -> tuple[Point, float]:
        """Where to look from `now` on, and for how many seconds."""
        draw = self._random
        if now < self._meeting_until or self._activity == "listening":
            return self._near(_USER), draw.uniform(0.5, 1.8)
        if self._activity == "thinking":
            return (draw.uniform(0.3, 0.65), draw.uniform(0.35, 0.7)), draw.uniform(0.9, 2.4)
        if self._activity == "speaking":
            if draw.random() < 0.2 and self._at_user():
                return (draw.uniform(-0.5, 0.5), draw.uniform(-0.3, 0.2)), draw.uniform(0.5, 1.1)
            return self._near(_USER), draw.uniform(0.6, 2.2)
        if self._pointer is not None and now < self._interested_until:
            point = self._near(self._pointer) if self._pointer == self._followed else self._pointer
            self._followed = self._pointer
            return point, draw.uniform(0.6, 2.0)
        if draw.random() < 0.6:
            return self._near(_USER), draw.uniform(0.8, 3.0)
        return (draw.uniform(-0.7, 0.7), draw.uniform(-0.4, 0.35)), draw.uniform(0.9, 2.8)

    def _near(self, point: Point) -> Point:
        """What eyes at rest look at."""
        x, y = point
        return x + self._random.uniform(-_JUMP, _JUMP), y + self._random.uniform(-_JUMP, _JUMP)

    def _at_user(self) -> bool:
        return abs(self._at[0]) + abs(self._at[1]) <= 2 * _JUMP

    def _aim(self, point: Point, now: float) -> bool:
        """Turns to a point from `now` on; True when that is far."""
        way = max(abs(point[0] - self._at[0]), abs(point[1] - self._at[1]))
        turning = max(abs(point[0] - self._faced[0]), abs(point[1] - self._faced[1])) > _WORTH_TURNING
        self._at = point
        if turning:
            self._faced = point
        self._x.aim(point[0], now, turning)
        self._y.aim(point[1], now, turning)
        return way > _WIDE
