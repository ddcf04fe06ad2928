"""What of a model can be touched: the meshes its model3.json names as hit areas, and what a point meets.

live2d has a hit test of its own. It is not used: for a canvas wider than one unit, in a window higher than
wide, it looks where the model is not.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.avatar.actor import Area

_NAMES: dict[str, Area] = {"HandL": "hand", "HandR": "hand", "Head": "head", "Body": "body"}
"""Those in front first: a hand may be over the face, the head is over the body."""
_BOM = b"\xef\xbb\xbf"


class TouchArea(NamedTuple):
    area: Area
    mesh: str
    """Id of the drawable whose shape it has."""


class _HitArea(msgspec.Struct, rename="pascal"):
    id: str
    name: str


class _Model(msgspec.Struct, rename="pascal"):
    hit_areas: list[_HitArea] = []


def touch_areas(model: Path) -> list[TouchArea]:
    """Of a model3.json, those in front first. Raises OSError or ValueError when it cannot be read."""
    meshes = {
        area.name: area.id
        for area in msgspec.json.decode(model.read_bytes().removeprefix(_BOM), type=_Model).hit_areas
    }
    return [TouchArea(area, meshes[name]) for name, area in _NAMES.items() if name in meshes]


def covers(vertices: NDArray[np.float64], triangles: NDArray[np.intp], x: float, y: float) -> bool:
    """Whether a mesh of vertices (n, 2) and triangles (t, 3) covers a point; its outline counts."""
    corners = vertices[triangles] - (x, y)
    after = np.roll(corners, -1, axis=1)
    turns = corners[..., 0] * after[..., 1] - corners[..., 1] * after[..., 0]
    return bool(((turns >= 0).all(axis=1) | (turns <= 0).all(axis=1)).any())
