"""Collects deformers and meshes, with every movement told in canvas pixels of the rest pose.

A movement is a function of rest points and of parameter values; it is evaluated at each combination of the
axes' keys. At rest no deformer changes anything, so the movement of a child never has to know its parents': a
`Space` says only how canvas pixels at rest look from inside a deformer.

The right side of her body is the mirror image of the left: a `mirrored` object is described as its left twin.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.avatar.atlas import Atlas
from assets.avatar.moc3.model import Axis, Deformer, Mesh, Model, Rotation, RotationForm, Warp
from assets.avatar.net import Net
from assets.avatar.rig.parameters import PARAMETERS, PARTS

Points = NDArray[np.float64]
Move = Callable[..., Points]
"""(rest points (n, 2), value of each axis) -> points"""
Keys = Sequence[tuple[str, Sequence[float]]]
"""Parameter and key values of each axis."""

MIDDLE = 500.0
"""The mirror between her sides."""
LEFT, TOP = -30.0, -112.0
WIDTH, HEIGHT = 1060.0, 1378.0
"""The part of the drawing's plane that is the canvas: some air above and beside her."""
UNIT = HEIGHT
"""Pixels of one unit of the model. In a canvas wider than one unit live2d-py looks for what is touched in the
wrong places."""


@dataclass(frozen=True)
class Space:
    """The inside of a deformer: `local` takes canvas points at rest into it."""

    name: str | None
    local: Callable[[Points], Points]
    scaled: bool
    """Whether a rotation around it has turned pixels into units already."""


ROOT = Space(None, lambda points: (points - [LEFT + WIDTH / 2, TOP + HEIGHT / 2]) / UNIT, False)


@dataclass(frozen=True)
class Turn:
    """A turn in degrees, clockwise on screen, and where the pivot moves meanwhile."""

    angle: float
    x: float = 0.0
    y: float = 0.0


def mirror(points: Points) -> Points:
    return np.stack([2 * MIDDLE - points[:, 0], points[:, 1]], 1)


class Builder:
    def __init__(self, atlas: Atlas) -> None:
        self.atlas = atlas
        self._deformers: list[Deformer] = []
        self._meshes: list[Mesh] = []

    def model(self) -> Model:
        return Model(WIDTH, HEIGHT, UNIT, PARAMETERS, PARTS, tuple(self._deformers), tuple(self._meshes))

    def warp(
        self,
        name: str,
        part: str,
        parent: Space,
        rect: tuple[float, float, float, float],
        cells: tuple[int, int],
        axes: Keys,
        move: Move,
    ) -> Space:
        """A grid of (rows, columns) cells over the rectangle left, top, right, bottom."""
        left, top, right, bottom = rect
        rows, columns = cells
        xs, ys = np.linspace(left, right, columns + 1), np.linspace(top, bottom, rows + 1)
        rest = np.stack([np.tile(xs, rows + 1), np.repeat(ys, columns + 1)], 1)
        forms = tuple(_local(parent, move(rest.copy(), *values)) for values in _combinations(axes))
        self._deformers.append(Warp(name, part, parent.name, rows, columns, _axes(axes), forms))
        size = np.array([right - left, bottom - top])
        return Space(name, lambda points: (points - [left, top]) / size, parent.scaled)

    def rotation(
        self,
        name: str,
        part: str,
        parent: Space,
        pivot: tuple[float, float],
        axes: Keys,
        turn: Callable[..., Turn],
        mirrored: bool = False,
        size: float = 1.0,
    ) -> Space:
        """A pivot in canvas pixels; what is inside is drawn `size` times as large."""
        sign = -1 if mirrored else 1
        centre = np.array([MIDDLE + sign * (pivot[0] - MIDDLE), pivot[1]])
        forms = []
        for values in _combinations(axes):
            step = turn(*values)
            x, y = parent.local(centre[None] + [sign * step.x, step.y])[0]
            forms.append(
                RotationForm(sign * step.angle, float(x), float(y), size if parent.scaled else size / UNIT)
            )
        self._deformers.append(Rotation(name, part, parent.name, _axes(axes), tuple(forms)))
        return Space(name, lambda points: points - centre, True)

    def mesh(
        self,
        name: str,
        part: str,
        parent: Space,
        order: float,
        net: Net,
        picture: str,
        *,
        axes: Keys = (),
        move: Move | None = None,
        opacity: Callable[..., float] | None = None,
        masks: tuple[str, ...] = (),
        mirrored: bool = False,
    ) -> None:
        """A net that shows `picture`; a higher `order` is in front."""
        forms, opacities = [], []
        for values in _combinations(axes):
            points = move(net.points.copy(), *values) if move else net.points
            forms.append(_local(parent, mirror(points) if mirrored else points))
            opacities.append(1.0 if opacity is None else opacity(*values))
        self._meshes.append(
            Mesh(
                name,
                part,
                parent.name,
                self.atlas.uvs(picture, net.points),
                net.triangles,
                _axes(axes),
                tuple(forms),
                None if opacity is None else tuple(opacities),
                order,
                masks,
            )
        )

    def touch(self, name: str, parent: Space, net: Net, mirrored: bool = False) -> None:
        """An area that can be hit but is never seen."""
        points = mirror(net.points) if mirrored else net.points
        uvs = np.zeros((len(points), 2), np.float32)
        forms = (_local(parent, points),)
        self._meshes.append(
            Mesh(name, "PartTouch", parent.name, uvs, net.triangles, (), forms, (0.0,), draw_order=0)
        )


def _combinations(axes: Keys) -> list[tuple[float, ...]]:
    """All combinations of the keys, the first axis varying fastest."""
    backwards = itertools.product(*[keys for _, keys in reversed(axes)])
    return [tuple(reversed(values)) for values in backwards]


def _axes(axes: Keys) -> tuple[Axis, ...]:
    return tuple(Axis(parameter, tuple(keys)) for parameter, keys in axes)


def _local(space: Space, points: Points) -> NDArray[np.float32]:
    return space.local(points).astype(np.float32)
