"""The mouth: its width, depth and bend by opening and form; teeth and tongue keep their size."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from assets.avatar.art.mouth import HALF, MOUTH_X, MOUTH_Y, TEETH, TONGUE, lower, upper
from assets.avatar.net import Values, grid, sheet, strip
from assets.avatar.rig.builder import Builder, Points, Space
from assets.avatar.rig.moves import moved
from assets.avatar.rig.parameters import BOTH_WAYS

AJAR = 0.08
"""From this opening on the inside is fully seen."""
AXES = (("ParamMouthOpenY", (0.0, AJAR, 0.5, 1.0)), ("ParamMouthForm", BOTH_WAYS))


@dataclass(frozen=True)
class Shape:
    """A mouth, in pixels."""

    half: float
    depth: float
    """From the corners down to the lower lip."""
    rise: float
    """From the corners up to the upper lip."""
    bend: float
    """How much higher the corners are than the middle (a smile)."""
    teeth: float
    round: float = 2.4
    """The power of the lower lip's curve."""


SHAPES = {
    (0.0, -1.0): Shape(22, 0, 0, -12, 0, 2.0),
    (0.5, -1.0): Shape(15, 20, 8, -1, 0, 2.0),
    (1.0, -1.0): Shape(18, 29, 15, 0, 0, 2.0),
    (0.0, 0.0): Shape(27, 0, 0, 7, 0),
    (0.5, 0.0): Shape(29, 19, 4, 4, 6),
    (1.0, 0.0): Shape(32, 37, 9, 2, 8),
    (0.0, 1.0): Shape(38, 0, 0, 14, 0),
    (0.5, 1.0): Shape(43, 21, 0, 11, 8),
    (1.0, 1.0): Shape(44, 38, 1, 8, 10),
}
"""By opening and form."""


def shape_at(opening: float, form: float) -> Shape:
    """The shape at a key of the axes; ajar lies on the way from closed to half open."""
    if opening != AJAR:
        return SHAPES[opening, form]
    closed, half = (np.array(astuple(SHAPES[o, form])) for o in (0.0, 0.5))
    return Shape(*(closed + (half - closed) * AJAR / 0.5))


def add_mouth(builder: Builder, features: Space) -> None:
    u = np.linspace(-1.04, 1.04, 19)
    net = sheet(u, np.array([-0.06, 0.0, TEETH, TONGUE, 1.0, 1.06]))
    net.points[:] = _drawn(net.points[:, 0], net.points[:, 1])
    shows = lambda opening, form: 1.0 if opening > 0 else 0.0  # noqa: E731
    builder.mesh(
        "MouthIn", "PartMouth", features, 330, net, "MouthIn", axes=AXES, move=_inside, opacity=shows
    )
    xs = MOUTH_X + HALF * np.linspace(-1.12, 1.12, 25)
    low = strip(xs, lambda x: lower(_along(x)), (-5, 5))
    builder.mesh(
        "LipLow", "PartMouth", features, 331, low, "LipLow", axes=AXES, move=bend_lower_lip, opacity=shows
    )
    up = strip(xs, lambda x: upper(_along(x)), (-5, 5))
    builder.mesh("LipUp", "PartMouth", features, 332, up, "LipUp", axes=AXES, move=bend_upper_lip)
    builder.mesh(
        "LipShade", "PartMouth", features, 329, grid(builder.atlas.picture("LipShade"), 50), "LipShade",
        axes=AXES, move=lambda points, opening, form: moved(points, 0, 0.8 * shape_at(opening, form).depth),
        opacity=lambda opening, _: 1 - opening,
    )  # fmt: skip


def _along(x: Values) -> Values:
    return np.clip((x - MOUTH_X) / HALF, -1, 1)


def _drawn(u: Values, share: Values) -> Points:
    """Where a place of the mouth lies in its picture: u across, share from the upper lip to the lower."""
    inner = np.clip(u, -1, 1)
    gap = np.maximum(lower(inner) - upper(inner), 4)
    return np.stack([MOUTH_X + HALF * u, upper(inner) + share * gap], 1)


def _lips(u: Values, shape: Shape) -> tuple[Values, Values, Values]:
    """x, and the heights of both lips, at places u of a shaped mouth."""
    inner = np.clip(u, -1, 1)
    corners = MOUTH_Y + shape.bend * (0.45 - np.abs(inner) ** 1.8)
    up = corners - shape.rise * (1 - inner * inner)
    low = corners + shape.depth * np.clip(1 - np.abs(inner) ** shape.round, 0, 1)
    return MOUTH_X + shape.half * u, up, low


def _inside(points: Points, opening: float, form: float) -> Points:
    shape = shape_at(opening, form)
    u = (points[:, 0] - MOUTH_X) / HALF
    inner = np.clip(u, -1, 1)
    share = (points[:, 1] - upper(inner)) / np.maximum(lower(inner) - upper(inner), 4)
    x, up, low = _lips(u, shape)
    gap = low - up
    teeth = np.minimum(shape.teeth, 0.6 * gap)
    tongue = gap - np.minimum(15, 0.45 * gap)
    rows = (-0.06, 0.0, TEETH, TONGUE, 1.0, 1.06)
    heights = [-0.06 * gap, 0 * gap, teeth, tongue, gap, 1.06 * gap]
    y = np.array([np.interp(s, rows, [h[i] for h in heights]) for i, s in enumerate(share)])
    return np.stack([x, up + y], 1)


def bend_upper_lip(points: Points, opening: float, form: float) -> Points:
    x, up, _ = _lips((points[:, 0] - MOUTH_X) / HALF, shape_at(opening, form))
    return np.stack([x, up + (points[:, 1] - upper(_along(points[:, 0]))) * 0.9], 1)


def bend_lower_lip(points: Points, opening: float, form: float) -> Points:
    x, _, low = _lips((points[:, 0] - MOUTH_X) / HALF, shape_at(opening, form))
    thick = 0.5 + 0.4 * opening
    return np.stack([x, low + (points[:, 1] - lower(_along(points[:, 0]))) * thick], 1)
