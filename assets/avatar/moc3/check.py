"""What is wrong with a model, before the core is asked.

The core checks its tables for consistency, but not their sense: a draw order out of its range kills the
process, a triangle of a vertex that is not there reads foreign memory, a key list that does not cover its
parameter makes the object vanish. Everything of that kind is found here, and told by the object's id.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from assets.avatar.moc3.layout import ID_BYTES
from assets.avatar.moc3.model import (
    HIGHEST_DRAW_ORDER,
    LOWEST_DRAW_ORDER,
    Axis,
    Deformer,
    Mesh,
    Model,
    Parameter,
    Rotation,
    Warp,
)

MOST_VERTICES = 65536
"""Of a mesh: its triangles number them in 16 bits."""


def check(model: Model) -> list[str]:
    """One sentence for each thing that is wrong; empty for a model that may be written."""
    return list(_complaints(model))


def _complaints(model: Model) -> Iterator[str]:
    for name in ("width", "height", "pixels_per_unit"):
        if not _positive(getattr(model, name)):
            yield f"canvas: {name} must be above 0"
    if not model.parts:
        yield "model: at least one part is needed"
    for what in ("parameters", "parts", "deformers", "meshes"):
        yield from _ids(what, [item.id for item in getattr(model, what)])
    for parameter in model.parameters:
        yield from _parameter(parameter)
    yield from _parents("part", [(part.id, part.parent) for part in model.parts])
    yield from _parents("deformer", [(deformer.id, deformer.parent) for deformer in model.deformers])

    parameters = {parameter.id: parameter for parameter in model.parameters}
    parts = {part.id for part in model.parts}
    deformers = {deformer.id for deformer in model.deformers}
    meshes = {mesh.id for mesh in model.meshes}
    for item in (*model.deformers, *model.meshes):
        if item.part not in parts:
            yield f"{item.id}: there is no part {item.part}"
        yield from (f"{item.id}: {complaint}" for complaint in _axes(item.axes, parameters))
        yield from (f"{item.id}: {complaint}" for complaint in _keyforms(item))
    for mesh in model.meshes:
        if mesh.parent is not None and mesh.parent not in deformers:
            yield f"{mesh.id}: there is no deformer {mesh.parent}"
        yield from (f"{mesh.id}: {complaint}" for complaint in _mesh(mesh, meshes))


def _ids(what: str, ids: Sequence[str]) -> Iterator[str]:
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"{what}: the id {name} is there more than once"
    for name in ids:
        if not name or "\0" in name:
            yield f"{what}: an id must have at least one character and no zero byte, but one is {name!r}"
        if len(name.encode()) >= ID_BYTES:
            yield f"{what}: the id {name} is longer than {ID_BYTES - 1} bytes"


def _parameter(parameter: Parameter) -> Iterator[str]:
    numbers = (parameter.minimum, parameter.default, parameter.maximum)
    if not all(map(math.isfinite, numbers)):
        yield f"{parameter.id}: its numbers must be finite"
    elif not parameter.minimum < parameter.maximum:
        yield f"{parameter.id}: its minimum must be below its maximum"
    elif not parameter.minimum <= parameter.default <= parameter.maximum:
        yield f"{parameter.id}: its default lies outside its range"


def _parents(what: str, pairs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    before: set[str] = set()
    for name, parent in pairs:
        if parent is not None and parent not in before:
            yield f"{name}: no {what} {parent} comes before it"
        before.add(name)


def _axes(axes: tuple[Axis, ...], parameters: dict[str, Parameter]) -> Iterator[str]:
    if len({axis.parameter for axis in axes}) < len(axes):
        yield "two of its axes have the same parameter"
    for axis in axes:
        keys = np.asarray(axis.keys, np.float32)
        if not np.isfinite(keys).all() or len(keys) < 2 or not (np.diff(keys) > 0).all():
            yield f"its keys of {axis.parameter} must be two or more, and ascend"
        elif (parameter := parameters.get(axis.parameter)) is None:
            yield f"there is no parameter {axis.parameter}"
        elif (axis.keys[0], axis.keys[-1]) != (parameter.minimum, parameter.maximum):
            yield f"its keys of {axis.parameter} must reach from its minimum to its maximum"


def _keyforms(item: Deformer | Mesh) -> Iterator[str]:
    wanted = math.prod(len(axis.keys) for axis in item.axes)
    if len(item.keyforms) != wanted:
        yield f"its axes want {wanted} keyforms, not {len(item.keyforms)}"
    if isinstance(item, Rotation):
        for form in item.keyforms:
            if not all(map(math.isfinite, (form.angle, form.x, form.y))) or not _positive(form.scale):
                yield "the numbers of a keyform must be finite, and its scale above 0"
        return
    if isinstance(item, Warp) and min(item.rows, item.columns) < 1:
        yield "it needs at least one row and one column"
    points = (item.rows + 1) * (item.columns + 1) if isinstance(item, Warp) else len(item.uvs)
    for keyform in item.keyforms:
        if np.shape(keyform) != (points, 2):
            yield f"a keyform must have the shape ({points}, 2), not {np.shape(keyform)}"
        elif not np.isfinite(np.asarray(keyform, np.float32)).all():
            yield "the points of a keyform must be finite"
    if item.opacities is not None:
        if len(item.opacities) != len(item.keyforms):
            yield f"it needs {len(item.keyforms)} opacities, not {len(item.opacities)}"
        if not all(0 <= opacity <= 1 for opacity in item.opacities):
            yield "an opacity must be 0..1"


def _mesh(mesh: Mesh, meshes: set[str]) -> Iterator[str]:
    uvs = np.asarray(mesh.uvs)
    if uvs.ndim != 2 or uvs.shape[1] != 2 or not 3 <= len(uvs) <= MOST_VERTICES:
        yield f"its uvs must have the shape (3..{MOST_VERTICES}, 2), not {uvs.shape}"
    elif not ((uvs >= 0) & (uvs <= 1)).all():
        yield "its uvs must be 0..1"
    triangles = np.asarray(mesh.triangles)
    if triangles.ndim != 2 or triangles.shape[1] != 3 or not len(triangles):
        yield f"its triangles must have the shape (1 or more, 3), not {triangles.shape}"
    elif not np.issubdtype(triangles.dtype, np.integer):
        yield f"its triangles must be whole numbers, not {triangles.dtype}"
    elif triangles.min() < 0 or triangles.max() >= len(uvs):
        yield "a triangle has a vertex that is not there"
    if not LOWEST_DRAW_ORDER <= mesh.draw_order <= HIGHEST_DRAW_ORDER:
        yield f"its draw order must be {LOWEST_DRAW_ORDER}..{HIGHEST_DRAW_ORDER}, not {mesh.draw_order}"
    if mesh.texture < 0:
        yield f"its texture must be 0 or more, not {mesh.texture}"
    for mask in mesh.masks:
        if mask not in meshes or mask == mesh.id:
            yield f"there is no other mesh {mask} to mask it"
    if len(set(mesh.masks)) < len(mesh.masks):
        yield "one mesh masks it twice"


def _positive(number: float) -> bool:
    return math.isfinite(number) and number > 0
