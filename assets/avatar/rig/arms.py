"""The arms: upper arm, forearm and hand turn about shoulder, elbow and wrist; a hand has three shapes.

ParamArm?A lifts the upper arm outwards (10) or presses it to the body (-10). ParamArm?B bends the forearm
inwards and up to the chin (10), or outwards and up (-10) as for waving; bent inwards, the upper arm comes
forward and looks shorter. ParamHand? turns the hand inwards (10) or outwards (-10).
"""

from __future__ import annotations

import numpy as np

from assets.avatar.art.arms import ELBOW, SHOULDER, WRIST
from assets.avatar.net import disc, grid
from assets.avatar.rig.builder import Builder, Points, Space, Turn
from assets.avatar.rig.parameters import BODY_ANGLE

_SHORTER = {-10.0: 0.94, 0.0: 1.0, 10.0: 0.6}
"""Length of the upper arm as seen, by ParamArm?B."""
_SWITCH = (-1.0, -0.55, -0.45, 0.0, 0.45, 0.55, 1.0)
"""Values of ParamHand?Form: a hand changes its shape within a tenth."""


def add_arms(builder: Builder, chest: Space) -> None:
    for letter, mirrored in (("L", False), ("R", True)):
        _add_arm(builder, chest, letter, mirrored)


def _add_arm(builder: Builder, chest: Space, letter: str, mirrored: bool) -> None:
    part = "PartArm" + letter
    bend = [(f"ParamArm{letter}B", BODY_ANGLE)]
    shoulder = builder.rotation(
        "Shoulder" + letter, part, chest, SHOULDER, [(f"ParamArm{letter}A", BODY_ANGLE)],
        lambda lift: Turn(-2.2 * lift if lift > 0 else -1.4 * lift), mirrored,
    )  # fmt: skip
    elbow = builder.rotation("Elbow" + letter, part, shoulder, ELBOW, bend, _bent, mirrored)
    wrist = builder.rotation(
        "Wrist" + letter, part, elbow, WRIST, [(f"ParamHand{letter}", BODY_ANGLE)],
        lambda turn: Turn(2.4 * turn), mirrored,
    )  # fmt: skip
    upper = grid(builder.atlas.picture("UpperArm"), 60)
    builder.mesh(
        "UpperArm" + letter,
        part,
        shoulder,
        250,
        upper,
        "UpperArm",
        axes=bend,
        move=_shortened,
        mirrored=mirrored,
    )
    for shape, name in ((-1, "HandPointing"), (0, "HandRelaxed"), (1, "HandOpen")):
        builder.mesh(
            name + letter, part, wrist, 690, grid(builder.atlas.picture(name), 80), name,
            axes=[(f"ParamHand{letter}Form", _SWITCH)],
            opacity=lambda form, shape=shape: float(abs(form - shape) < 0.5), mirrored=mirrored,
        )  # fmt: skip
    forearm = grid(builder.atlas.picture("Forearm"), 70)
    builder.mesh("Forearm" + letter, part, elbow, 700, forearm, "Forearm", mirrored=mirrored)
    builder.mesh(
        "ElbowEdge" + letter, part, elbow, 701, grid(builder.atlas.picture("Elbow"), 40), "Elbow",
        axes=[(f"ParamArm{letter}B", (-10, -4, 0, 4, 10))], opacity=lambda bend: float(bend != 0),
        mirrored=mirrored,
    )  # fmt: skip
    builder.touch("TouchHand" + letter, wrist, disc((WRIST[0], WRIST[1] + 70), 56, 82), mirrored)


def _bent(bend: float) -> Turn:
    """The forearm about an elbow that comes nearer to the shoulder."""
    step = (np.array(ELBOW) - SHOULDER) * (_SHORTER[bend] - 1)
    return Turn(15.2 * bend, *step)


def _shortened(points: Points, bend: float) -> Points:
    along = np.array(ELBOW) - SHOULDER
    along /= np.hypot(*along)
    reach = (points - SHOULDER) @ along
    return points + np.outer(reach * (_SHORTER[bend] - 1), along)
