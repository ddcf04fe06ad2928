"""The eyes: lids that close along a curve (a smile turns it over), and an iris that looks about behind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assets.avatar.art.eyes import EYE_X, EYE_Y, HALF, lower, upper
from assets.avatar.net import Net, Values, grid, sheet, strip
from assets.avatar.rig.builder import Builder, Move, Points, Space
from assets.avatar.rig.moves import moved, turned
from assets.avatar.rig.parameters import BOTH_WAYS

OPEN = (0.0, 1.0, 1.2)
SMILE = (0.0, 1.0)
_LOOK_X, _LOOK_Y = 16.0, 13.0
"""How far the iris wanders, in pixels."""

_WHITE = sheet(np.sin(np.linspace(-1, 1, 23) * np.pi / 2) * 1.03, np.array([-1.0, 0.0, 0.3, 0.7, 1.0, 2.0]))
"""The net of the white: u across; down from the upper lid (0) to the lower (1), and a rim beyond both."""
_RIM = 5.0
"""Width of that rim, in pixels; nothing is drawn there."""


def add_eyes(builder: Builder, features: Space) -> None:
    for letter, mirrored in (("L", False), ("R", True)):
        _add_eye(builder, features, letter, mirrored)


def _add_eye(builder: Builder, features: Space, letter: str, mirrored: bool) -> None:
    lids = [(f"ParamEye{letter}Open", OPEN), (f"ParamEye{letter}Smile", SMILE)]
    white = "EyeWhite" + letter

    def add(name: str, order: float, net: Net, picture: str, move: Move, opacity=None) -> None:
        builder.mesh(
            name + letter, "PartEyes", features, order, net, picture,
            axes=lids, move=move, opacity=opacity, mirrored=mirrored,
        )  # fmt: skip

    add(
        "EyeWhite",
        340,
        Net(place_white(1.0, 0.0), _WHITE.triangles),
        "EyeWhite",
        lambda _, *lids: place_white(*lids),
    )
    side = -1 if mirrored else 1
    look = [("ParamEyeBallX", BOTH_WAYS), ("ParamEyeBallY", BOTH_WAYS), (f"ParamEye{letter}Open", OPEN)]
    builder.mesh(
        "Iris" + letter, "PartEyes", features, 341, grid(builder.atlas.picture("Iris"), 48), "Iris",
        axes=look, move=lambda points, x, y, wide: _iris(points, side * x, y, wide),
        masks=(white,), mirrored=mirrored,
    )  # fmt: skip
    shine = grid(builder.atlas.picture("Shine" + letter), 60)
    builder.mesh(
        "Shine" + letter, "PartEyes", features, 342, shine, "Shine" + letter,
        axes=look[:2], move=lambda points, x, y: moved(points, 0.7 * _LOOK_X * x, -0.6 * _LOOK_Y * y),
        masks=(white,),
    )  # fmt: skip
    builder.mesh(
        "Tear" + letter, "PartEyes", features, 347, grid(builder.atlas.picture("Tear"), 24), "Tear",
        axes=[("ParamTear", (0, 1)), *lids],
        move=lambda points, tear, wide, smile: moved(bend_lower_lash(points, wide, smile), 0, 5 * tear),
        opacity=lambda tear, *_: float(tear), mirrored=mirrored,
    )  # fmt: skip
    add(
        "LashLow",
        343,
        _along(lower, (-0.55, 1.15), (-6, 3, 15)),
        "LashLow",
        bend_lower_lash,
        lambda o, _: min(1.0, o),
    )
    add("Crease", 344, _along(_crease_line, (-0.78, 1.06), (-6, 6)), "Crease", _crease, _crease_shows)
    add("Tuft", 345, grid(builder.atlas.picture("Tuft"), 40), "Tuft", _tuft)
    add("Lash", 346, _along(upper, (-1.12, 1.12), (-20, -9, 4, 12)), "Lash", bend_lash)


def _along(base: Callable[[Values], Values], ends: tuple[float, float], offsets: tuple[float, ...]) -> Net:
    xs = EYE_X + HALF * np.linspace(*ends, 37)
    return strip(xs, lambda x: base((x - EYE_X) / HALF), offsets)


def _crease_line(u: Values) -> Values:
    return upper(u) - 20 + 3 * np.clip(u, -1, 1)


def _shut(u: Values, smile: float) -> Values:
    """The line of the closed lids."""
    return EYE_Y + 20 + 3 * u + (9 - 34 * smile) * (1 - u * u) - 3 * smile


def _lids(points: Points, wide: float, smile: float) -> tuple[Values, Values, Values]:
    """Places along the lids, and the heights of both lids there."""
    u = np.clip((points[:, 0] - EYE_X) / HALF, -1, 1)
    shut, opening, startled = _shut(u, smile), min(wide, 1.0), max(0.0, wide - 1.0) / 0.2
    bow = 1 - u * u
    top = upper(u) - 9 * startled * bow + 4 * smile * bow
    bottom = lower(u) + 4 * startled * bow - 20 * smile * bow
    return u, shut + (top - shut) * opening, shut + (bottom - shut) * opening


def place_white(wide: float, smile: float) -> Points:
    """The points of the white's net."""
    u, share = _WHITE.points.T
    x = EYE_X + HALF * u
    _, top, bottom = _lids(np.stack([x, share], 1), wide, smile)
    inner = np.clip(share, 0, 1)
    return np.stack([x, top + inner * (bottom - top) + (share - inner) * _RIM], 1)


def bend_lash(points: Points, wide: float, smile: float) -> Points:
    u, top, _ = _lids(points, wide, smile)
    opening = min(wide, 1.0)
    points[:, 1] = top + (points[:, 1] - upper(u)) * (0.62 + 0.38 * opening) + 2 * (1 - opening)
    return points


def _tuft(points: Points, wide: float, smile: float) -> Points:
    """Follows the outer end of the lid, and points down with it."""
    root = EYE_X + 0.8 * HALF, upper(np.array(0.8)).item()
    _, top, _ = _lids(np.array([root]), wide, smile)
    shut = 1 - min(wide, 1.0)
    angle = np.radians(shut * (8 + 14 * smile))
    points = np.array(root) + (points - root) * [1 - 0.1 * shut, 1 - 0.55 * shut]
    return moved(turned(points, root, angle), 0, top[0] - root[1])


def bend_lower_lash(points: Points, wide: float, smile: float) -> Points:
    u, _, bottom = _lids(points, wide, smile)
    points[:, 1] += bottom - lower(u)
    return points


def _crease(points: Points, wide: float, smile: float) -> Points:
    u, top, _ = _lids(points, wide, smile)
    points[:, 1] += (top - upper(u)) * 0.55
    return points


def _crease_shows(wide: float, smile: float) -> float:
    return 1.0 if wide > 0 else 0.45 * (1 - smile)


def _iris(points: Points, x: float, y: float, wide: float) -> Points:
    size = 0.8 if wide > 1 else 1.0
    centre = np.array([EYE_X - 2, EYE_Y - 2])
    return centre + (points - centre) * size + np.array([_LOOK_X * x, -_LOOK_Y * y])
