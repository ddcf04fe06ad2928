"""One layer of motions: each fades in over what lies below and what came before, and fades out at its end."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.avatar.motion import Motion
from app.avatar.pose import Pose

SHORTEST_FADE_S = 0.25
"""Less looks like a cut."""


class Track:
    """Plays one motion at a time, besides those that are still fading out. A sustained motion is played
    again and again, each time faded over its own end, until it is stopped or another is played."""

    def __init__(self) -> None:
        self._playing: list[_Played] = []
        self._sustained = False

    def play(self, motion: Motion, now: float, *, sustained: bool = False) -> None:
        self.stop(now)
        self._playing.append(_Played(motion, now))
        self._sustained = sustained

    def stop(self, now: float) -> None:
        """Fades out what is playing."""
        self._sustained = False
        for played in self._playing:
            played.until = min(played.until, now + played.fade_out)

    def ends(self) -> float:
        """When the last motion has faded out; minus infinity when none plays."""
        return self._playing[-1].until if self._playing else -math.inf

    def busy(self, now: float) -> bool:
        """True until the last motion has faded out."""
        return now < self.ends()

    def apply(self, pose: Pose, now: float) -> None:
        """Lays the motions over the pose."""
        while self._sustained and now >= self._playing[-1].until - self._playing[-1].fade_out:
            last = self._playing[-1]
            self._playing.append(_Played(last.motion, last.until - last.fade_out))
        self._playing = [played for played in self._playing if now < played.until]
        for played in self._playing:
            weight = played.weight(now)
            for parameter, value in played.values(now).items():
                if parameter in pose:
                    pose[parameter] += (value - pose[parameter]) * weight


class _Played:
    """A motion being played."""

    def __init__(self, motion: Motion, start: float) -> None:
        self.motion = motion
        self._start = start
        self._fade_in = max(motion.fade_in, SHORTEST_FADE_S)
        self.fade_out = max(motion.fade_out, SHORTEST_FADE_S)
        self.until = start + max(motion.seconds, 2 * self.fade_out)

    def values(self, now: float) -> Mapping[str, float]:
        return self.motion.at(now - self._start)

    def weight(self, now: float) -> float:
        return _eased((now - self._start) / self._fade_in) * _eased((self.until - now) / self.fade_out)


def _eased(share: float) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * min(1.0, max(0.0, share)))
