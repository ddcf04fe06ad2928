"""The actor: owns every parameter of a model, and says at each frame what it is worth.

Theory of operation. A pose starts as the model at rest and passes through layers, each of which may see and
change what lies below:

    idle < motions of a posture < gestures of a feeling < expression < gaze < speech < blink < touch

Motions overwrite by the weight of their fade; sway, gaze and beats of speech are added; the expression is a
mixture of faces; speech takes the mouth over and gives it back; blink and sleep only ever close an eye, by a
share of what the expression leaves open. So no layer needs to know of another, and none can fight.

Every layer is a function of time alone: springs are solved exactly, chance is drawn for instants and not for
frames, and each layer has a source of chance of its own. So the play does not depend on the frame rate.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Literal

from app.avatar.activity import Activity
from app.avatar.blink import Blink
from app.avatar.description import ModelDescription
from app.avatar.feeling import Feeling
from app.avatar.gaze import Gaze, Point
from app.avatar.idle import Idle
from app.avatar.mouth import CLOSED, FORM, MouthShape, Speech
from app.avatar.pose import Pose, add
from app.avatar.slumber import Slumber
from app.avatar.track import Track
from engine.messages import Emotion

Area = Literal["head", "body", "hand"]

LONGEST_STEP_S = 0.25
"""A longer step (a machine that slept) is a pause of the play, not a leap."""

_GESTURE_PAUSE_S = 12.0
"""Before the gesture of a feeling that goes on is played again."""
_TOUCHED: dict[Area, tuple[str, Emotion]] = {
    "head": ("TouchHead", "coquettish"),
    "body": ("TouchBody", "surprised"),
    "hand": ("TouchHand", "happy"),
}
"""The motion of a touch, and the face in place of one."""
_REACTION_S = 2.0
_POSTURES: dict[Activity, str] = {"listening": "Listening", "thinking": "Thinking"}
_SLOW_BLINKS: dict[Emotion, float] = {"sad": 1.45, "calm": 1.15, "coquettish": 1.25}
_BLINKING_JUMPS = 0.4
"""Share of far jumps of the gaze that bring a blink along."""
_SHUT, _OPEN = 0.25, 0.55
"""An eye less open than the first does not blink, one more open than the second blinks fully."""
_NODDING_DEGREES = (-12.0, 6.0)
"""How a sleeper's head hangs, ahead and aside, in a model that has no motion for it."""
_STIRRING = 0.02
"""Least move of what she looks at that counts as an event."""


class Actor:
    def __init__(self, description: ModelDescription, random: random.Random) -> None:
        """`random` is only drawn from here: the same seed and the same events make the same play."""
        self._description = description
        self._rest = {
            parameter: min(max(range.default, range.minimum), range.maximum)
            for parameter, range in description.parameters.items()
        }
        self._random = _child(random)
        self._now = 0.0
        self._activity: Activity = "idle"
        self._point: Point | None = None
        self._gesture_at = -math.inf
        self._idle = Idle(description.motions.get("Idle", ()), _child(random))
        self._posture, self._gestures, self._touches = Track(), Track(), Track()
        self._feeling = Feeling(description.expressions, description.eye_blink)
        self._gaze = Gaze(_child(random))
        self._speech = Speech(description.lip_sync)
        self._blink = Blink(_child(random))
        self._slumber = Slumber()
        self._sleeping = False

    # ------------------------------------------------------------ what happens

    def feel(self, emotion: Emotion) -> None:
        """Takes on a feeling, with its gesture."""
        changed = emotion != self._feeling.emotion
        self._stir()
        self._feeling.feel(emotion, self._now)
        if changed or self._now - self._gesture_at > _GESTURE_PAUSE_S:
            self._gesture_at = self._now
            self._blink.soon(self._now)
            self._play(self._gestures, emotion.capitalize())

    def attend(self, activity: Activity) -> None:
        """Does what the companion does."""
        if activity == self._activity:
            return
        self._stir()
        self._activity = self._blink.activity = activity
        self._gaze.attend(activity, self._now)
        self._pose_for(_POSTURES.get(activity))

    def look_at(self, point: tuple[float, float] | None) -> None:
        """What there is to look at, -1..1 from the face to the right and up; None: nothing."""
        if point is not None:
            if not all(map(math.isfinite, point)):
                return
            point = (min(max(point[0], -1.0), 1.0), min(max(point[1], -1.0), 1.0))
        if _far(point, self._point):
            self._point = point
            self._stir()
            self._gaze.look_at(point, self._now)

    def touch(self, area: Area) -> None:
        """Reacts to a touch, once at a time."""
        self._stir()
        if not self._touches.busy(self._now):
            self._react(self._touches, *_TOUCHED[area])

    def greet(self) -> None:
        """Greets the user."""
        self._stir()
        self._react(self._gestures, "Greeting", "happy")

    def mouth(self, shape: MouthShape | None) -> None:
        """The shape of the mouth for the sound being heard; None while nothing is spoken."""
        if shape is not None:
            self._stir()
            self._feeling.stay(self._now)
            if not all(map(math.isfinite, shape)):
                shape = CLOSED
            shape = MouthShape(min(max(shape.open, 0.0), 1.0), min(max(shape.form, -1.0), 1.0))
        self._speech.speak(shape, self._now)

    # ------------------------------------------------------------ what is seen

    def step(self, dt: float) -> Mapping[str, float]:
        """The value of every parameter `dt` seconds later, within its range."""
        if dt > 0:
            self._now += min(dt, LONGEST_STEP_S)
        now = self._now
        if self._activity != "idle":
            self._slumber.stir(now)
        depth = self._slumber.depth(now)
        if self._slumber.asleep and not self._sleeping:
            self._sleeping = True
            self._pose_for("Sleep")
        wakefulness = 1.0 - depth
        pose = dict(self._rest)
        self._idle.apply(pose, now, wakefulness)
        self._posture.apply(pose, now)
        if "Sleep" not in self._description.motions:
            for parameter, degrees in zip(("ParamAngleY", "ParamAngleZ"), _NODDING_DEGREES, strict=True):
                add(pose, parameter, degrees * depth)
        self._gestures.apply(pose, now)
        self._feeling.apply(pose, now, 0.2 + 0.8 * wakefulness)
        jump = self._gaze.jumped(now)
        self._gaze.apply(pose, now, wakefulness)
        self._speech.apply(pose, now)
        self._close_eyes(pose, jump, depth)
        self._touched(pose)
        return self._held(pose)

    # ------------------------------------------------------------ inside

    def _stir(self) -> None:
        self._slumber.stir(self._now)
        if self._sleeping:
            self._sleeping = False
            self._pose_for(_POSTURES.get(self._activity))
            self._blink.soon(self._now)

    def _react(self, track: Track, group: str, face: Emotion) -> None:
        """Looks at the user, with a motion; a model that has none makes a face."""
        self._gaze.meet(self._now)
        if not self._play(track, group):
            self._feeling.flash(face, self._now, _REACTION_S)

    def _play(self, track: Track, group: str, *, sustained: bool = False) -> bool:
        """Plays a motion of a group; False when the model has none."""
        motions = self._description.motions.get(group, ())
        if motions:
            track.play(self._random.choice(motions), self._now, sustained=sustained)
        return bool(motions)

    def _pose_for(self, group: str | None) -> None:
        """Takes the posture of a group of motions and keeps it; None: none."""
        self._posture.stop(self._now)
        if group:
            self._play(self._posture, group, sustained=True)

    def _close_eyes(self, pose: Pose, jump: float | None, depth: float) -> None:
        """Blink and sleep. An eye that the expression has all but closed does not blink."""
        now = self._now
        if jump is not None and self._random.random() < _BLINKING_JUMPS:
            self._blink.soon(jump)
        blink = self._blink.closed(now, _SLOW_BLINKS.get(self._feeling.emotion, 1.0))
        for eye in self._description.eye_blink:
            if eye in pose:
                lowest = self._description.parameters[eye].minimum
                opened = max(0.0, pose[eye] - lowest)
                blinking = blink * min(1.0, max(0.0, (opened - _SHUT) / (_OPEN - _SHUT)))
                pose[eye] = lowest + opened * (1.0 - blinking) * (1.0 - depth)

    def _touched(self, pose: Pose) -> None:
        """The motion of a touch lies over everything but speaking lips."""
        if not self._touches.busy(self._now):
            return
        lips = [lip for lip in (*self._description.lip_sync, FORM) if lip in pose]
        spoken = [pose[lip] for lip in lips]
        self._touches.apply(pose, self._now)
        share = self._speech.share(self._now)
        for lip, value in zip(lips, spoken, strict=True):
            pose[lip] += (value - pose[lip]) * share

    def _held(self, pose: Pose) -> Pose:
        for parameter, (minimum, default, maximum) in self._description.parameters.items():
            value = pose[parameter]
            if not minimum <= value <= maximum:
                pose[parameter] = minimum if value < minimum else maximum if value > maximum else default
        return pose


def _child(rng: random.Random) -> random.Random:
    """A source of chance of its own, which how often another is drawn from does not disturb."""
    return random.Random(rng.getrandbits(64))


def _far(point: Point | None, other: Point | None) -> bool:
    if point is None or other is None:
        return point is not other
    return max(abs(point[0] - other[0]), abs(point[1] - other[1])) > _STIRRING
