"""A Live2D model as plain data, every keyform evaluated already.

An object with axes has one keyform for each combination of their keys, and the first axis varies fastest:
axes X (0, 1) and Y (0, 1) want the keyforms of (0, 0), (1, 0), (0, 1), (1, 1). Without axes it has just one.

Points are in the space of the object's parent, y always downward:
- no parent: units from the middle of the canvas, a unit being `Model.pixels_per_unit` pixels;
- in a warp: 0..1 across and down its grid;
- in a rotation: an offset from its pivot, before its scale. The scales of a chain multiply, also through
  warps: the outermost rotation takes pixels to units (1 / pixels_per_unit), those inside have scale 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
"""Shape (points, 2): x and y of each."""
Triangles = NDArray[np.integer]
"""Shape (triangles, 3): numbers of vertices."""
Blend = Literal["normal", "additive", "multiply"]

LOWEST_DRAW_ORDER, HIGHEST_DRAW_ORDER = 0, 1000


@dataclass(frozen=True)
class Axis:
    """One parameter that an object follows, and the values at which it has a keyform."""

    parameter: str
    keys: tuple[float, ...]
    """Ascending, from the parameter's minimum to its maximum: outside its keys an object vanishes."""


@dataclass(frozen=True)
class Parameter:
    id: str
    minimum: float
    maximum: float
    default: float


@dataclass(frozen=True)
class Part:
    """A named group of objects that can be faded together."""

    id: str
    parent: str | None = None


@dataclass(frozen=True, eq=False)
class Warp:
    """A grid of points that bends what is inside it."""

    id: str
    part: str
    parent: str | None
    rows: int
    """Cells down; there is one more row of points."""
    columns: int
    axes: tuple[Axis, ...]
    keyforms: tuple[Points, ...]
    """Each of (rows + 1) * (columns + 1) points, row by row from the top left."""
    opacities: tuple[float, ...] | None = None
    """One a keyform, 0..1, multiplied into what is inside; None: opaque."""


@dataclass(frozen=True)
class RotationForm:
    angle: float
    """Degrees, clockwise on the screen."""
    x: float
    """Of the pivot, in the parent's space."""
    y: float
    scale: float


@dataclass(frozen=True)
class Rotation:
    """A pivot about which what is inside it turns."""

    id: str
    part: str
    parent: str | None
    axes: tuple[Axis, ...]
    keyforms: tuple[RotationForm, ...]


Deformer = Warp | Rotation


@dataclass(frozen=True, eq=False)
class Mesh:
    """A textured net of triangles: all that is ever seen."""

    id: str
    part: str
    parent: str | None
    uvs: Points
    """Of each vertex in the texture: (0, 0) is its top left, (1, 1) its bottom right."""
    triangles: Triangles
    axes: tuple[Axis, ...]
    keyforms: tuple[Points, ...]
    """Each of as many points as there are uvs."""
    opacities: tuple[float, ...] | None
    """One a keyform, 0..1; None: opaque."""
    draw_order: float
    """0..1000; the higher is in front, of equals the later."""
    masks: tuple[str, ...] = ()
    """Meshes outside whose shapes nothing of this one shows; their own opacity does not matter."""
    texture: int = 0
    blend: Blend = "normal"
    double_sided: bool = True
    inverted_mask: bool = False


@dataclass(frozen=True)
class Model:
    width: float
    """Of the canvas, in pixels."""
    height: float
    pixels_per_unit: float
    parameters: tuple[Parameter, ...]
    parts: tuple[Part, ...]
    """Parents first."""
    deformers: tuple[Deformer, ...]
    """Parents first."""
    meshes: tuple[Mesh, ...]
