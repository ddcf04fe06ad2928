"""All motions of Rio, by group. A curve is a list of (seconds, value); rest is added at both ends.

The idle motions have lengths without a common measure, so that any order of them is new for a long time.
"""

from __future__ import annotations

from collections.abc import Mapping

from assets.avatar.acting.timing import Motion, breathing, gesture, held, lasting, swaying

_IDLE = (
    lasting(
        7.3,
        Breath=breathing(7.3, 2),
        AngleX=[(1.9, 4), (3.7, 1), (5.6, -4)],
        AngleY=[(2.4, 3), (4.9, -2)],
        AngleZ=[(2.1, 3), (5.3, -2.5)],
        BodyAngleX=[(2.3, 1.6), (5.8, -1.6)],
        BodyAngleZ=[(2.7, 1.2), (5.5, -1)],
        ArmLA=[(2.5, 1), (5.1, -0.4)],
        ArmRA=[(2.9, -0.4), (5.4, 1)],
        HandL=[(3.1, 1.2)],
        HandR=[(4.2, 1.2)],
    ),
    lasting(
        8.9,
        Breath=breathing(8.9, 3, 0.85),
        AngleX=[(1.7, -5), (3.9, -6.5), (6.2, 2), (7.7, 1)],
        AngleY=[(1.6, -3), (4.1, 2), (7.1, 0.5)],
        AngleZ=[(2.2, -4), (4.4, -4.6), (6.9, 1.4)],
        BodyAngleX=[(2.4, -2.2), (6.3, 0.9)],
        BodyAngleZ=[(2.2, -1.6), (6.0, 0.9)],
        EyeBallX=[(1.1, -0.25), *held(-0.3, 1.6, 3.6), (4.4, 0)],
        ShoulderY=[(3.0, 0.8), (6.4, -0.6)],
        ArmLB=[(3.2, 0.5), (6.6, 0.1)],
        ArmRB=[(3.6, 0.6), (6.9, 0.2)],
    ),
    lasting(
        11.7,
        Breath=breathing(11.7, 3),
        AngleX=[(2.6, 3), (5.1, 7), (7.3, 7.4), (9.4, -1.5)],
        AngleY=[(2.2, 2), (5.3, 5), (7.5, 4), (9.6, -2)],
        AngleZ=[(3.1, 2), (5.7, 5), (7.2, 5.3), (9.9, -1.2)],
        EyeBallX=[(4.3, 0.3), *held(0.35, 4.9, 6.9), (7.8, 0)],
        EyeBallY=[(4.3, 0.2), *held(0.25, 4.9, 6.9), (7.8, 0)],
        BrowLY=[(4.8, 0.2), (7.0, 0.2)],
        BrowRY=[(4.8, 0.2), (7.0, 0.2)],
        BodyAngleX=[(3.3, 1), (6.1, 2.6), (9.4, -0.8)],
        BodyAngleZ=[(3.4, -1), (6.2, 1.6), (9.2, -0.5)],
        ArmLA=[(5.4, 1.7), (9.0, 0)],
    ),
    lasting(
        13.9,
        Breath=breathing(13.9, 4, 0.9),
        AngleX=[(2.4, -2), (5.2, 3.4), (8.1, -3.6), (11.3, 2.2)],
        AngleY=[(2.9, -1.4), (5.9, 2.6), (9.0, -2.2), (11.7, 1)],
        AngleZ=[(3.2, 2.6), (6.3, -3), (9.4, 3.1), (11.9, -1.2)],
        BodyAngleX=[(3.4, -1.2), (6.6, 1.8), (9.7, -1.8), (12.0, 0.6)],
        BodyAngleZ=[(3.1, 1.4), (6.4, -1.6), (9.8, 1.3)],
        ArmRB=[(4.0, 2.2), (4.9, 2.6), *held(2.4, 6.2, 7.4), (8.6, 0.2)],
        HandR=[(4.4, 2), (5.4, -1.5), (6.4, 1.5), (7.8, 0)],
        ShoulderY=[(5.0, 0.9), (8.2, -0.4)],
    ),
    lasting(
        8.6,
        Breath=breathing(8.6, 2, 0.95),
        AngleX=[(1.4, 2), (3.3, -2.2), (5.2, 2.6), (7.2, -1)],
        AngleZ=[(1.5, -2.4), (3.4, 2.6), (5.3, -2.4), (7.1, 1.6)],
        BodyAngleZ=[(1.6, -1.8), (3.5, 1.9), (5.4, -1.8), (7.2, 1)],
        BodyAngleX=[(1.7, 1), (5.5, -1)],
        MouthForm=[(1.9, 0.2), *held(0.25, 2.6, 6.0)],
        ArmLA=[(1.7, 1.2), (3.6, -0.4), (5.5, 1)],
        ArmRA=[(1.7, -0.4), (3.6, 1.2), (5.5, -0.3)],
    ),
)

_HAPPY = (
    gesture(
        2.2,
        BodyAngleY=[(0.2, -5), (0.45, 6), (0.75, -2), (1.05, 5), (1.4, 0)],
        AngleY=[(0.2, -6), (0.5, 9), (0.8, 1), (1.1, 8), (1.6, 2)],
        AngleZ=[(0.5, -7), (1.0, 6), (1.5, -3)],
        ShoulderY=[(0.4, 7), (0.75, 1), (1.05, 6), (1.5, 0)],
        ArmLA=[(0.4, 6.2), *held(4.6, 0.8, 1.5)],
        ArmRA=[(0.4, 6.2), *held(4.6, 0.8, 1.5)],
        ArmLB=[(0.45, 9), *held(9.4, 0.8, 1.4)],
        ArmRB=[(0.45, 9), *held(9.4, 0.8, 1.4)],
    ),
)

_ANGRY = (
    gesture(
        2.4,
        BodyAngleY=[(0.3, 4), *held(3, 0.6, 1.7)],
        BodyAngleX=[(0.4, -3), *held(-2, 0.8, 1.7)],
        AngleX=[(0.3, -9), (0.55, 8), (0.85, -7), (1.15, 3), (1.7, 0)],
        AngleY=[(0.5, -7), *held(-6, 0.9, 1.7)],
        ShoulderY=[(0.35, 7), *held(6, 0.8, 1.7)],
        ArmLA=[(0.4, 5), *held(4.6, 0.8, 1.7)],
        ArmRA=[(0.4, 5), *held(4.6, 0.8, 1.7)],
        ArmLB=[(0.45, 3.6), *held(3.8, 0.8, 1.7)],
        ArmRB=[(0.45, 3.6), *held(3.8, 0.8, 1.7)],
    ),
)

_SAD = (
    gesture(
        3.6,
        BodyAngleY=[(0.9, -5), *held(-5.5, 1.4, 2.5)],
        AngleY=[(0.9, -10), *held(-11, 1.4, 2.5)],
        AngleZ=[(1.0, 5), (1.8, 6), (2.6, 4)],
        AngleX=[(1.2, -5), (1.7, -2), (2.2, -5)],
        ShoulderY=[(1.0, -7), *held(-7, 1.4, 2.4)],
        Breath=[(0.5, 1), (1.5, 0), (2.6, 0.4)],
        ArmRA=held(2.5, 1.2, 2.4),
        ArmRB=held(8.6, 1.2, 2.4),
        HandR=held(-2, 1.2, 2.4),
    ),
)

_SURPRISED = (
    gesture(
        2.0,
        BodyAngleY=[(0.12, -3), (0.32, 8), (0.7, 4), (1.3, 2)],
        AngleY=[(0.12, -4), (0.32, 11), (0.7, 6), (1.3, 3)],
        ShoulderY=[(0.3, 9), (0.7, 6), (1.3, 2)],
        Breath=[(0.3, 1), (1.0, 0.7)],
        ArmLA=[(0.3, 5.4), *held(4.6, 0.6, 1.2)],
        ArmRA=[(0.3, 5.4), *held(4.6, 0.6, 1.2)],
        ArmLB=[(0.32, -8), *held(-7.4, 0.6, 1.2)],
        ArmRB=[(0.32, -8), *held(-7.4, 0.6, 1.2)],
        HandLForm=[(0.22, 1), *held(1, 0.6, 1.35), (1.5, 0)],
        HandRForm=[(0.22, 1), *held(1, 0.6, 1.35), (1.5, 0)],
    ),
)

_COQUETTISH = (
    gesture(
        3.0,
        BodyAngleZ=[(0.5, 4), (1.0, -3), (1.5, 4), (2.1, -1)],
        BodyAngleX=[(0.5, 3), (1.1, -3), (1.6, 3), (2.2, 0)],
        AngleZ=[(0.6, 8), (1.2, 4), (1.8, 9), (2.4, 3)],
        AngleX=[(0.6, -8), *held(-6, 1.2, 2.0)],
        AngleY=[(0.6, -4), (1.6, -2)],
        ShoulderY=[(0.6, 5), *held(5, 1.0, 2.0)],
        ArmLA=[(0.6, 7.1), *held(7.1, 1.0, 2.2)],
        ArmLB=[(0.6, 9.6), *held(9.8, 1.0, 2.2)],
        HandLForm=[(0.35, -1), *held(-1, 0.8, 2.4), (2.6, 0)],
        HandL=[(0.7, -3), (1.1, 2), (1.5, -2), (2.0, 0)],
    ),
)

_CALM = (
    gesture(
        3.4,
        Breath=[(1.0, 1), (2.2, 0), (2.7, 0.3)],
        AngleY=[(1.0, 3), (2.0, -6), (2.7, -1)],
        BodyAngleY=[(1.0, 2), (2.1, -1.5)],
        ShoulderY=[(1.0, 2.4), (2.1, -2.4)],
        EyeLOpen=[(1.3, 0.9), *held(0.05, 1.7, 2.3), (2.7, 1)],
        EyeROpen=[(1.3, 0.9), *held(0.05, 1.7, 2.3), (2.7, 1)],
        ArmRA=held(1.7, 1.0, 2.3),
        ArmRB=held(8.2, 1.0, 2.3),
    ),
)

_GREETING = (
    gesture(
        3.2,
        ArmRA=[(0.4, 7.5), *held(8.7, 0.7, 2.4)],
        ArmRB=[(0.45, -9.4), *swaying(-10, -8.4, 0.75, 2.35, 4)],
        HandR=[(0.45, -2), *swaying(-6, 5, 0.75, 2.35, 4)],
        HandRForm=[(0.3, 1), *held(1, 0.6, 2.6), (2.85, 0)],
        AngleZ=[(0.6, -7), (1.4, -4), (2.2, -7)],
        AngleY=[(0.3, -4), (0.7, 6), *held(4, 1.2, 2.3)],
        BodyAngleZ=[(0.6, -3), (1.4, -1.6), (2.2, -3)],
        BodyAngleY=[(0.3, -2), (0.7, 3), (2.2, 1.4)],
        EyeLSmile=held(0.8, 0.7, 2.4),
        EyeRSmile=held(0.8, 0.7, 2.4),
        MouthForm=held(1, 0.5, 2.6),
        Cheek=held(0.5, 0.7, 2.4),
    ),
)

_LISTENING = (
    lasting(
        5.7,
        Breath=breathing(5.7, 2, 0.8),
        AngleZ=[(0.9, 5), (2.8, 6.5), (4.6, 4.6)],
        AngleY=[(0.8, 2), (1.7, -3), (2.2, 2), (4.4, 1.4)],
        AngleX=[(1.0, 2), (3.0, 3), (4.5, 1.6)],
        BodyAngleY=[(1.0, -2), (3.0, -2.6), (4.5, -1.8)],
        BrowLY=held(0.3, 0.9, 4.6),
        BrowRY=held(0.3, 0.9, 4.6),
    ),
    lasting(
        6.9,
        Breath=breathing(6.9, 2, 0.8),
        AngleZ=[(1.2, -4.4), (3.5, -5.6), (5.6, -3.6)],
        AngleY=[(1.0, 1.6), (3.1, 1.8), (3.5, -4), (3.9, 1.6), (4.3, -3), (4.8, 1.4)],
        BodyAngleY=[(1.2, -2), (3.6, -2.4), (5.5, -1.6)],
        BrowLY=held(0.25, 1.0, 5.6),
        BrowRY=held(0.25, 1.0, 5.6),
    ),
)

_THINKING = (
    lasting(
        6.3,
        Breath=breathing(6.3, 2, 0.8),
        AngleX=[(0.8, 9), (2.9, 12), (4.9, 9)],
        AngleY=[(0.8, 6), (2.9, 9), (4.9, 6)],
        AngleZ=[(0.9, -5), (3.1, -7), (5.0, -4)],
        EyeBallX=held(0.55, 0.6, 5.2),
        EyeBallY=held(0.6, 0.6, 5.2),
        BrowLY=held(0.5, 0.7, 5.2),
        BrowRY=held(-0.1, 0.7, 5.2),
        MouthForm=held(-0.35, 0.8, 5.0),
        ArmLA=held(5.4, 0.9, 5.2),
        ArmLB=held(10, 0.9, 5.2),
        HandL=[(1.0, 2), (1.9, 3.6), (2.8, 2), (3.7, 3.6), (4.6, 2)],
        HandLForm=[(0.5, -1), *held(-1, 0.9, 5.5), (5.8, 0)],
    ),
)

_TOUCH_HEAD = (
    gesture(
        2.3,
        AngleY=[(0.25, -9), (0.6, -5), (1.2, -7), (1.7, -2)],
        AngleZ=[(0.4, 6), (0.8, -5), (1.2, 5), (1.6, -2)],
        EyeLOpen=[(0.2, 0), (1.6, 0), (1.9, 1)],
        EyeROpen=[(0.2, 0), (1.6, 0), (1.9, 1)],
        EyeLSmile=held(1, 0.2, 1.7),
        EyeRSmile=held(1, 0.2, 1.7),
        Cheek=held(0.9, 0.4, 1.7),
        MouthForm=held(1, 0.3, 1.8),
        ShoulderY=[(0.3, 6), *held(4, 0.8, 1.6)],
    ),
)

_TOUCH_BODY = (
    gesture(
        1.9,
        BodyAngleX=[(0.15, -7), (0.5, -3), (1.1, -2)],
        BodyAngleY=[(0.15, 5), (0.6, 2)],
        AngleX=[(0.2, 10), (0.8, 6), (1.3, 3)],
        AngleY=[(0.2, 6), (0.8, -4)],
        BrowLY=[(0.2, 0.8), (0.9, 0.2)],
        BrowRY=[(0.2, 0.8), (0.9, 0.2)],
        MouthForm=held(-0.6, 0.2, 1.0),
        Cheek=held(0.6, 0.4, 1.3),
        ArmLA=held(3.3, 0.25, 1.2),
        ArmLB=held(8.4, 0.3, 1.2),
        ArmRA=held(3.3, 0.25, 1.2),
        ArmRB=held(7.6, 0.3, 1.2),
    ),
)

_TOUCH_HAND = (
    gesture(
        2.1,
        ArmLA=[(0.3, 5.8), *held(6.2, 0.6, 1.4)],
        ArmLB=[(0.35, -7.4), *held(-8, 0.6, 1.4)],
        HandLForm=[(0.25, 1), *held(1, 0.6, 1.55), (1.8, 0)],
        HandL=[(0.5, 5), (0.8, -3), (1.1, 5), (1.4, -2)],
        AngleX=[(0.4, 9), *held(7, 0.8, 1.4)],
        AngleZ=[(0.5, 5), (1.2, 3)],
        EyeBallX=held(0.5, 0.3, 1.4),
        EyeBallY=held(-0.2, 0.3, 1.4),
        MouthForm=held(0.9, 0.3, 1.5),
        BodyAngleZ=[(0.5, 2.4), (1.3, 1)],
    ),
)

_SLEEP = (
    lasting(
        10.3,
        EyeLOpen=[(1.2, 0), (9.0, 0)],
        EyeROpen=[(1.2, 0), (9.0, 0)],
        AngleY=[(1.6, -13), (3.2, -15), (4.9, -12), (6.6, -15), (8.2, -12)],
        AngleZ=[(1.8, 8), (3.2, 9), (4.9, 7.4), (6.6, 9), (8.2, 7.6)],
        AngleX=held(-4, 1.8, 8.4),
        BodyAngleZ=[(2.0, 1.6), (5.0, 2), (8.2, 1.4)],
        BodyAngleY=[(1.8, -4), (3.2, -5), (4.9, -3), (6.6, -5), (8.2, -3)],
        Breath=[(1.6, 1), (3.2, 0), (4.9, 1), (6.6, 0), (8.2, 1)],
        ShoulderY=[(1.6, -2), (3.2, -5), (4.9, -2), (6.6, -5), (8.2, -2)],
        MouthForm=held(-0.5, 1.6, 8.4),
        MouthOpenY=[(1.6, 0.05), (3.2, 0.16), (4.9, 0.05), (6.6, 0.16), (8.2, 0.04)],
        BrowLForm=held(0.4, 1.6, 8.4),
        BrowRForm=held(0.4, 1.6, 8.4),
    ),
)

MOTIONS: Mapping[str, tuple[Motion, ...]] = {
    "Idle": _IDLE,
    "Happy": _HAPPY,
    "Angry": _ANGRY,
    "Sad": _SAD,
    "Surprised": _SURPRISED,
    "Coquettish": _COQUETTISH,
    "Calm": _CALM,
    "Greeting": _GREETING,
    "Listening": _LISTENING,
    "Thinking": _THINKING,
    "TouchHead": _TOUCH_HEAD,
    "TouchBody": _TOUCH_BODY,
    "TouchHand": _TOUCH_HAND,
    "Sleep": _SLEEP,
}
