"""The face of a feeling: expressions crossfade, and in silence a feeling slowly calms down.

The weights of the six expressions always make up one face: calm, the face at rest, gets the rest. Eyes that
an expression shuts (laughing, winking) are shut for a moment only; then they look out of the same face.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.avatar.expression import Expression
from app.avatar.pose import Pose
from app.avatar.spring import Spring
from engine.messages import Emotion

_CROSSFADE = 10.0
"""Speed of a change of face, 1/s: half of it is done after 0.17 s."""
_STILL_FRESH_S = 6.0
"""Silence after which a feeling begins to calm down."""
_CALMING = 0.09
_CALMED = 0.2
"""What is left of a feeling in a long silence."""
_VISIBLE = 0.002
_SHUT = 0.3
"""An expression that leaves an eye less open than this shuts it."""
_SHUT_S = 2.5
_OPENING = 5.0
_STILL_SHUT = 0.25
"""What is left of shutting it after that moment."""


class Feeling:
    def __init__(self, expressions: Mapping[str, Expression], eyes: Sequence[str]) -> None:
        """Expressions named as an emotion are used; a missing one is the face at rest. `eyes`: parameters
        that open an eye."""
        self.emotion: Emotion = "calm"
        self._expressions = expressions
        self._shutting = {
            (name, eye)
            for name, expression in expressions.items()
            for eye in expression.changes.keys() & set(eyes)
            if expression.changes[eye].of(1.0) < _SHUT
        }
        self._shut = Spring(1.0, speed=_OPENING)
        self._opens_at = 0.0
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
        if now >= self._opens_at and self._shut.target == 1.0:
            self._shut.aim(_STILL_SHUT, self._opens_at, speed=_OPENING)
        strength, shut = self._strength.at(now) * wakefulness, self._shut.at(now)
        weights = {emotion: max(0.0, spring.at(now)) * strength for emotion, spring in self._weights.items()}
        weights["calm"] = max(0.0, 1.0 - sum(weights.values()))
        moves: Pose = {}
        for emotion, weight in weights.items():
            expression = self._expressions.get(emotion)
            if expression is None or weight < _VISIBLE:
                continue
            for parameter, change in expression.changes.items():
                if parameter in pose:
                    share = weight * shut if (emotion, parameter) in self._shutting else weight
                    move = share * (change.of(pose[parameter]) - pose[parameter])
                    moves[parameter] = moves.get(parameter, 0.0) + move
        for parameter, move in moves.items():
            pose[parameter] += move

    def _show(self, emotion: Emotion, now: float) -> None:
        if emotion == self._shown:
            return
        self._shut.aim(1.0, now, speed=_CROSSFADE)
        self._opens_at = now + _SHUT_S
        if self._shown != "calm":
            self._weights[self._shown].aim(0.0, now)
        if emotion != "calm":
            self._weights.setdefault(emotion, Spring(speed=_CROSSFADE)).aim(1.0, now)
        self._shown = emotion
