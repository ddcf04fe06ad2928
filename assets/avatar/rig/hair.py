"""The hair: it swings with the physics, the more the nearer to its tips, and hangs down as the head tilts."""

from __future__ import annotations

import numpy as np

from assets.avatar.net import Net, Values, grid
from assets.avatar.rig.builder import Builder, Move, Points
from assets.avatar.rig.head import NECK, TILT, Head
from assets.avatar.rig.moves import turned
from assets.avatar.rig.parameters import ANGLE, BOTH_WAYS

_TUFT_ROOT = (500.0, 112.0)


def add_hair(builder: Builder, head: Head) -> None:
    def net(name: str, cell: float) -> Net:
        return grid(builder.atlas.picture(name), cell)

    def hanging(name: str) -> list[tuple[str, tuple[float, ...]]]:
        return [(f"Param{name}", BOTH_WAYS), (f"Param{name}Tip", BOTH_WAYS), ("ParamAngleZ", ANGLE)]

    builder.mesh(
        "HairBack", "PartHairBack", head.back, 100, net("HairBack", 74), "HairBack",
        axes=hanging("HairBack"), move=_hanging(360, 980, 44),
    )  # fmt: skip
    for letter, side in (("L", 1), ("R", -1)):
        builder.mesh(
            "Side" + letter, "PartHairFront", head.side, 390, net("Side", 44), "Side",
            axes=hanging("HairSide"), move=_hanging(300, 800, 34, side), mirrored=side < 0,
        )  # fmt: skip
    for letter, side in (("L", 1), ("R", -1)):
        builder.mesh(
            "Shell" + letter, "PartHairFront", head.side, 405, net("Shell", 70), "Shell", mirrored=side < 0
        )
    fringe = _swinging(230, 430, 15)
    for name, order, cell, move in (
        ("Ahoge", 395, 24, _springing),
        ("Crown", 400, 52, fringe),
        ("BangsOuterR", 410, 52, fringe),
        ("BangsOuterL", 410, 52, fringe),
        ("BangsR", 412, 52, fringe),
        ("BangsL", 412, 52, fringe),
        ("BangsC", 414, 52, fringe),
        ("Strand", 418, 36, _swinging(210, 440, 24)),
        ("HairLight", 419, 52, fringe),
        ("Clip", 420, 52, fringe),
    ):
        axes = [("ParamHairFront", BOTH_WAYS)]
        builder.mesh(name, "PartHairFront", head.front, order, net(name, cell), name, axes=axes, move=move)


def _weight(points: Points, top: float, bottom: float) -> Values:
    return np.clip((points[:, 1] - top) / (bottom - top), 0, 1)


def _swinging(top: float, bottom: float, reach: float) -> Move:
    """To the side by up to `reach` pixels at `bottom`, and a little up, as on a pendulum."""

    def move(points: Points, sway: float) -> Points:
        weight = _weight(points, top, bottom) ** 1.6
        points[:, 0] += reach * sway * weight
        points[:, 1] -= reach * abs(sway) * 0.14 * weight
        return points

    return move


def _hanging(top: float, bottom: float, reach: float, side: int = 1) -> Move:
    """Long hair: its tips lag behind, and below the neck it turns back most of the head's tilt."""
    swing = _swinging(top, bottom, reach)

    def move(points: Points, sway: float, tip: float, tilt: float) -> Points:
        curl = _weight(points, top, bottom) ** 3.2
        points = swing(points, side * sway)
        points[:, 0] += side * 0.75 * reach * tip * curl
        below_neck = np.clip((points[:, 1] - 500) / 420, 0, 1)
        return turned(points, NECK, -np.radians(side * tilt / 30 * TILT) * 0.72 * below_neck)

    return move


def _springing(points: Points, sway: float) -> Points:
    """The tuft on the crown, which stands on its root."""
    height = np.clip((_TUFT_ROOT[1] - points[:, 1]) / 100, 0, 1)
    return turned(points, _TUFT_ROOT, np.radians(16) * sway * height**0.8)
