"""The head: how it tilts, and how its layers turn in depth.

A turn is drawn as that of a dome: each layer lies some way before or behind the neck's axis and bulges, and a
point wanders as far as it lies in front. Layers of different depth then slide over each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assets.avatar.art.face import BROW
from assets.avatar.net import disc, grid
from assets.avatar.rig.builder import Builder, Move, Points, Space, Turn
from assets.avatar.rig.parameters import ANGLE, BOTH_WAYS

NECK = (500.0, 574.0)
"""About this the head tilts."""
TILT = 13.0
"""Degrees of tilt when ParamAngleZ is at its end."""
_SIZE = 1.1
"""She is drawn with a smaller head than she has: a larger one is dearer and shows more of what she feels."""
_RECT = (90.0, -10.0, 910.0, 1030.0)
_AXES = (("ParamAngleX", ANGLE), ("ParamAngleY", ANGLE))


@dataclass(frozen=True)
class Head:
    """The spaces that its layers live in."""

    back: Space
    side: Space
    face: Space
    features: Space
    front: Space


def add_head(builder: Builder, chest: Space) -> Head:
    tilt = builder.rotation(
        "HeadTilt",
        "PartFace",
        chest,
        NECK,
        [("ParamAngleZ", ANGLE)],
        lambda z: Turn(z / 30 * TILT),
        size=_SIZE,
    )

    def layer(name: str, part: str, depth: float, dome: float) -> Space:
        return builder.warp(name, part, tilt, _RECT, (7, 6), _AXES, _turn(depth, dome))

    head = Head(
        back=layer("TurnBack", "PartHairBack", 16, 26),
        side=layer("TurnSide", "PartHairFront", 24, 22),
        face=layer("TurnFace", "PartFace", 36, 54),
        features=layer("TurnFeatures", "PartFace", 60, 70),
        front=layer("TurnFront", "PartHairFront", 50, 68),
    )
    _add_face(builder, head)
    return head


def _turn(depth: float, dome: float) -> Move:
    """Of a layer `depth` pixels before the neck's axis that bulges by `dome` more; what hangs below the neck
    follows only in part."""

    def move(points: Points, x: float, y: float) -> Points:
        yaw, nod = math.radians(x * 0.95), math.radians(y * 0.7)
        across, down = points[:, 0] - 500, points[:, 1] - 380
        ahead = depth + dome * np.exp(-((across / 225) ** 2) - (down / 270) ** 2)
        fall = np.clip((points[:, 1] - 560) / 400, 0, 1)
        keep = 1 - 0.75 * fall
        turned_x = across * math.cos(yaw) + ahead * math.sin(yaw) * 0.9
        turned_y = down * (0.15 + 0.85 * math.cos(nod)) - ahead * math.sin(nod) * 0.9
        turned_y -= across * math.sin(yaw) * math.sin(nod) * 0.22
        turned = np.stack([500 + turned_x, 380 + turned_y], 1)
        return points + (turned - points) * keep[:, None]

    return move


def _add_face(builder: Builder, head: Head) -> None:
    atlas = builder.atlas
    builder.mesh("Face", "PartFace", head.face, 300, grid(atlas.picture("Face"), 56), "Face")
    builder.mesh("Nose", "PartFace", head.features, 320, grid(atlas.picture("Nose"), 30), "Nose")
    for letter, mirrored in (("L", False), ("R", True)):
        builder.mesh(
            "Blush" + letter, "PartFace", head.features, 310, grid(atlas.picture("Blush"), 60), "Blush",
            axes=[("ParamCheek", (0, 1))], opacity=float, mirrored=mirrored,
        )  # fmt: skip
        _add_brow(builder, head, letter, mirrored)
    builder.touch("TouchHead", head.front, disc((500, 320), 232, 236))


def _add_brow(builder: Builder, head: Head, letter: str, mirrored: bool) -> None:
    place = builder.rotation(
        f"Brow{letter}Place", "PartBrows", head.features, BROW,
        [(f"ParamBrow{letter}X", BOTH_WAYS), (f"ParamBrow{letter}Y", BOTH_WAYS)],
        lambda x, y: Turn(0, 9 * x, -21 * y), mirrored,
    )  # fmt: skip

    def bend(points: Points, angle: float, form: float) -> Points:
        u = (points[:, 0] - BROW[0]) / 52
        points[:, 1] += 19 * angle * u + 3 * abs(angle) - form * (10 * (1 - u * u) - 4)
        points[:, 0] -= 5 * max(-angle, 0)
        return points

    builder.mesh(
        f"Brow{letter}", "PartBrows", place, 450, grid(builder.atlas.picture("Brow"), 13), "Brow",
        axes=[(f"ParamBrow{letter}Angle", BOTH_WAYS), (f"ParamBrow{letter}Form", BOTH_WAYS)],
        move=bend, mirrored=mirrored,
    )  # fmt: skip
