"""The face of a feeling: expressions crossfade, and in silence a feeling slowly calms down.

The weights of the six expressions always make up one face: calm, the face at rest, gets the rest.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.avatar.expression import Expression
from app.avatar.pose import Pose
from app.avatar.spring import Spring
from engine.messages import Emotion

_CROSSFADE = 10.0
"""Speed of a change of face, 1/s: half of it is done after 0.17 s."""
_STILL_FRESH_S = 6.0
"""Silence after which a feeling begins to calm down."""
_CALMING = 0.09
_CALMED = 0.3
"""What is left of a feeling in a long silence."""
_VISIBLE = 0.002


class Feeling:
    def __init__(self, expressions: Mapping[str, Expression]) -> None:
        """Those named as an emotion are used; a missing one is the face at rest."""
        self.emotion: Emotion = "calm"
        self._expressions = expressions
        self._weights: dict[Emotion, Spring] = {}
        self._strength = Spring(1.0, speed=_CALMING)
        self._calms_at = _STILL_FRESH_S
        self._shown: Emotion = "calm"
        self._returns_at: float | None = None

    def feel(self, emotion: Emotion, now: float) -> None:
        self.emotion = emotion
        self._returns_at = None
        self._show(emotion, now)
        self.stay(now)

    def flash(self, emotion: Emotion, now: float, seconds: float) -> None:
        """Shows a feeling for a moment, then the one before again."""
        self._show(emotion, now)
        self._returns_at = now + seconds
        self.stay(now)

    def stay(self, now: float) -> None:
        """Keeps the feeling fresh: it is being spoken."""
        self._calms_at = now + _STILL_FRESH_S
        if self._strength.target != 1.0:
            self._strength.aim(1.0, now, speed=_CROSSFADE)

    def apply(self, pose: Pose, now: float, wakefulness: float) -> None:
        """Lays the expressions over the pose; `wakefulness`, 0..1, is how much of them is left."""
        if self._returns_at is not None and now >= self._returns_at:
            self._show(self.emotion, self._returns_at)
            self._returns_at = None
        if now >= self._calms_at and self._strength.target == 1.0:
            self._strength.aim(_CALMED, self._calms_at, speed=_CALMING)
        strength = self._strength.at(now) * wakefulness
        weights = {emotion: max(0.0, spring.at(now)) * strength for emotion, spring in self._weights.items()}
        weights["calm"] = max(0.0, 1.0 - sum(weights.values()))
        moves: Pose = {}
        for emotion, weight in weights.items():
            expression = self._expressions.get(emotion)
            if expression is None or weight < _VISIBLE:
                continue
            for parameter, change in expression.changes.items():
                if parameter in pose:
                    move = weight * (change.of(pose[parameter]) - pose[parameter])
                    moves[parameter] = moves.get(parameter, 0.0) + move
        for parameter, move in moves.items():
            pose[parameter] += move

    def _show(self, emotion: Emotion, now: float) -> None:
        if self._shown != "calm":
            self._weights[self._shown].aim(0.0, now)
        if emotion != "calm":
            self._weights.setdefault(emotion, Spring(speed=_CROSSFADE)).aim(1.0, now)
        self._shown = emotion
