"""The speaking mouth, laid over the expression: while she speaks the lips follow the sound, coloured by the
expression; when she stops they return to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.avatar.pose import Pose, add
from app.avatar.spring import Spring

FORM = "ParamMouthForm"

_FASTEST = 16.0
"""Most the lips move, of their whole way, in a second: shut in 62 ms."""
_TAKING_OVER = 45.0
_COLOUR = 0.5
"""What is left of the expression's mouth form in a spoken sound, and of the sound's where both are full."""
_BEAT_DEGREES = 3.0
"""How far the head gives way on loud syllables."""


class MouthShape(NamedTuple):
    """What a sound asks of the mouth."""

    open: float
    """0 closed .. 1 wide open."""
    form: float
    """-1 round and narrow .. 1 wide."""


CLOSED = MouthShape(0.0, 0.0)


class Speech:
    """The layer of the lips."""

    def __init__(self, lips: Sequence[str]) -> None:
        """`lips`: parameters that open the mouth."""
        self._lips = lips
        self._share = Spring(speed=_TAKING_OVER)
        self._beat = Spring(speed=9.0)
        self._wanted = self._shown = CLOSED
        self._now = 0.0

    def speak(self, shape: MouthShape | None, now: float) -> None:
        """The shape from `now` on; None when nothing is spoken."""
        self._wanted = shape or CLOSED
        speaking = float(shape is not None)
        if self._share.target != speaking:
            self._share.aim(speaking, now)

    def share(self, now: float) -> float:
        """How much of the mouth belongs to speech, 0..1."""
        return self._share.at(now)

    def apply(self, pose: Pose, now: float) -> None:
        self._follow(now)
        share = self.share(now)
        opened, form = self._shown
        for parameter in self._lips:
            if parameter in pose:
                pose[parameter] += (opened - pose[parameter]) * share
        sounding = share * min(1.0, 2.5 * opened)
        if FORM in pose:
            spoken = _COLOUR * pose[FORM] + (1.0 - _COLOUR * abs(pose[FORM])) * form
            pose[FORM] += (spoken - pose[FORM]) * sounding
        self._beat.aim(opened * share, now)
        add(pose, "ParamAngleY", -_BEAT_DEGREES * self._beat.at(now))

    def _follow(self, now: float) -> None:
        most = _FASTEST * (now - self._now)
        self._now = now
        opened, form = self._shown
        self._shown = MouthShape(
            opened + min(most, max(-most, self._wanted.open - opened)),
            form + min(2 * most, max(-2 * most, self._wanted.form - form)),
        )
