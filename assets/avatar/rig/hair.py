"""The hair: it swings with the physics, the more the nearer to its tips, and hangs down when the head tilts."""

from __future__ import annotations

import numpy as np

from assets.avatar.net import Values, grid
from assets.avatar.rig.builder import Builder, Move, Points
from assets.avatar.rig.head import NECK, TILT, Head
from assets.avatar.rig.parameters import ANGLE, BOTH_WAYS

_ORDERS = {
    "Crown": 400, "BangsOuterR": 410, "BangsOuterL": 410, "BangsR": 412, "BangsL": 412, "BangsC": 414,
    "HairLight": 419,
}  # fmt: skip


def add_hair(builder: Builder, head: Head) -> None:
    def net(name: str, cell: float):
        return grid(builder.atlas.picture(name), cell)

    hang = ("ParamAngleZ", ANGLE)
    builder.mesh(
        "HairBack", "PartHairBack", head.back, 100, net("HairBack", 74), "HairBack",
        axes=[("ParamHairBack", BOTH_WAYS), hang], move=_hanging(380, 980, 46),
    )  # fmt: skip
    for letter, mirrored in (("L", False), ("R", True)):
        side = -1 if mirrored else 1
        swing = _hanging(300, 800, 34)
        builder.mesh(
            "Side" + letter, "PartHairFront", head.side, 390, net("Side", 44), "Side",
            axes=[("ParamHairSide", BOTH_WAYS), hang],
            move=lambda points, sway, tilt, side=side: swing(points, side * sway, side * tilt), mirrored=mirrored,
        )  # fmt: skip
    front = [("ParamHairFront", BOTH_WAYS)]
    for name, order in _ORDERS.items():
        builder.mesh(
            name, "PartHairFront", head.front, order, net(name, 52), name, axes=front, move=_swinging(230, 430, 15)
        )
    builder.mesh(
        "Strand", "PartHairFront", head.front, 418, net("Strand", 36), "Strand", axes=front, move=_swinging(210, 440, 24)
    )
    builder.mesh("Clip", "PartHairFront", head.front, 420, net("Clip", 50), "Clip", axes=front, move=_swinging(230, 430, 15))
    builder.mesh("Ahoge", "PartHairFront", head.front, 395, net("Ahoge", 24), "Ahoge", axes=front, move=_springing)


def _weight(points: Points, top: float, bottom: float) -> Values:
    return np.clip((points[:, 1] - top) / (bottom - top), 0, 1) ** 1.6


def _swinging(top: float, bottom: float, reach: float) -> Move:
    """To the side by up to `reach` pixels at `bottom`, and a little up, as on a pendulum."""

    def move(points: Points, sway: float) -> Points:
        weight = _weight(points, top, bottom)
        points[:, 0] += reach * sway * weight
        points[:, 1] -= reach * abs(sway) * 0.14 * weight
        return points

    return move


def _hanging(top: float, bottom: float, reach: float) -> Move:
    """As `_swinging`; below the neck it also turns back most of the head's tilt."""
    swing = _swinging(top, bottom, reach)

    def move(points: Points, sway: float, tilt: float) -> Points:
        points = swing(points, sway)
        share = np.clip((points[:, 1] - 500) / 420, 0, 1) * 0.72
        angle = np.radians(-tilt / 30 * TILT) * share
        offset = points - NECK
        cos, sin = np.cos(angle), np.sin(angle)
        return np.stack([offset[:, 0] * cos - offset[:, 1] * sin, offset[:, 0] * sin + offset[:, 1] * cos], 1) + NECK

    return move


def _springing(points: Points, sway: float) -> Points:
    """The tuft on the crown, which stands on its root."""
    height = np.clip((112 - points[:, 1]) / 100, 0, 1)
    angle = np.radians(16) * sway * height**0.8
    offset = points - [500, 112]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([offset[:, 0] * cos - offset[:, 1] * sin, offset[:, 0] * sin + offset[:, 1] * cos], 1) + [500, 112]
