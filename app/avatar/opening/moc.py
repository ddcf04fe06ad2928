"""A .moc3 file that will not kill the process which draws it.

The core checks that a file is consistent, but not all it needs: draw orders out of their range, or triangles
of vertices that are not there, it takes and dies of. Here every number that is an index, or the beginning of
a run of rows, is held against the length of what it points into. What is left to the core's own check, and to
the trial, are the tables that versions after 3 added (blend shapes, colours).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.avatar.opening.moc_tables import ID_BYTES, Tables
from app.avatar.opening.refused import ModelRefused

MOST_AXES = 8
"""Of an object: the core needs twice the memory for each more. Real models have up to 4 or so."""
MOST_DECIMALS = 30
"""Of a parameter; real models have 1 to 3."""
MOST_DRAW_ORDERS = 100_000
"""From the lowest to the highest of a group; the core has a list for each. Real models have 1001."""
_WARP, _ROTATION = 0, 1
_MESH, _PART = 0, 1

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Parameter:
    id: str
    minimum: float
    default: float
    maximum: float


@dataclass(frozen=True)
class Moc:
    """What is known of a file that passed."""

    data: bytes
    parameters: tuple[Parameter, ...]
    meshes: tuple[str, ...]
    """Ids of all it draws."""
    textures: int
    """How many it draws from."""
    ids_at: int
    """Where in `data` the ids of the parameters begin."""
    defaults_at: int

    def with_defaults(self, values: Sequence[float]) -> bytes:
        """The file, its parameters resting at `values`."""
        return self._with(self.defaults_at, np.array(values, "<f4").tobytes())

    def renamed(self, names: Mapping[str, str]) -> bytes:
        """The file, its parameters renamed from the ids in `names` to what they stand for there."""
        ids = [names.get(parameter.id, parameter.id).encode() for parameter in self.parameters]
        return self._with(self.ids_at, b"".join(name[: ID_BYTES - 1].ljust(ID_BYTES, b"\0") for name in ids))

    def _with(self, at: int, patch: bytes) -> bytes:
        return self.data[:at] + patch + self.data[at + len(patch) :]


def read_moc(data: bytes, name: str) -> Moc:
    """The file `name`. Raises ModelRefused `bad-moc` with what is wrong first."""
    tables = Tables(data, name)
    if complaint := next(_complaints(tables), None):
        raise ModelRefused("bad-moc", f"{name} is damaged ({complaint}): get it again.")
    floats = tables.floats()
    minima, defaults, maxima = (floats[f"parameter.{one}"] for one in ("minimum", "default", "maximum"))
    rows = zip(tables.ids("parameter"), minima.tolist(), defaults.tolist(), maxima.tolist(), strict=True)
    return Moc(
        data=data,
        parameters=tuple(Parameter(*row) for row in rows),
        meshes=tables.ids("mesh"),
        textures=int(tables["mesh.texture"].max(initial=-1)) + 1,
        ids_at=tables.begin("parameter.id"),
        defaults_at=tables.begin("parameter.default"),
    )


def _complaints(tables: Tables) -> Iterator[str]:
    """Each is only looked for when none came before it: the later ones rely on the earlier ones."""
    yield from _numbers(tables)
    yield from _references(tables)
    yield from _runs(tables)
    yield from _keyforms(tables)
    yield from _triangles(tables)
    yield from _draw_orders(tables)
    yield from _groups(tables)


def _numbers(tables: Tables) -> Iterator[str]:
    pixels_per_unit, _, _, width, height = tables.canvas
    if not np.isfinite(tables.canvas).all() or min(pixels_per_unit, width, height) <= 0:
        yield "its canvas has no size"
    for column, values in tables.floats().items():
        if not np.isfinite(values).all():
            yield f"a {column} is no number"
    decimals = tables["parameter.decimals"]
    if ((decimals < 0) | (decimals > MOST_DECIMALS)).any():
        yield "a parameter has wrong decimals"
    for table in ("parameter", "part", "mesh"):
        ids = tables.ids(table)
        if len(set(ids)) < len(ids) or "" in ids:
            yield f"two ids of a {table} are the same, or one is empty"


def _references(tables: Tables) -> Iterator[str]:
    for column, lowest, target in (
        ("part.binding", 0, "binding"),
        ("part.parent", -1, "part"),
        ("deformer.binding", 0, "binding"),
        ("deformer.part", -1, "part"),
        ("deformer.parent", -1, "deformer"),
        ("warp.binding", 0, "binding"),
        ("rotation.binding", 0, "binding"),
        ("mesh.binding", 0, "binding"),
        ("mesh.part", -1, "part"),
        ("mesh.parent", -1, "deformer"),
        ("binding_axis.axis", 0, "axis"),
        ("mask.mesh", 0, "mesh"),
        ("object.group", -1, "group"),
        ("glue.mesh_a", 0, "mesh"),
        ("glue.mesh_b", 0, "mesh"),
    ):
        values = tables[column]
        if ((values < lowest) | (values >= tables.count(target))).any():
            yield f"a {column} is not there"
    if (tables["mesh.texture"] < 0).any():
        yield "a mesh has no texture"
    if (tables["deformer.parent"] >= np.arange(tables.count("deformer"))).any():
        yield "a deformer comes before its parent"
    if _circular(tables["part.parent"]):
        yield "a part is inside itself"
    for kind, table in ((_WARP, "warp"), (_ROTATION, "rotation")):
        of_kind = tables["deformer.kind"] == kind
        numbers = tables["deformer.number"][of_kind]
        if sorted(numbers.tolist()) != list(range(tables.count(table))):
            yield f"a {table} is not there just once"
        elif (tables[f"{table}.binding"][numbers] != tables["deformer.binding"][of_kind]).any():
            yield f"a {table} is bound in two ways"
    if tables.count("deformer") != tables.count("warp") + tables.count("rotation"):
        yield "a deformer is of no kind"
    limits = np.where(tables["object.kind"] == _MESH, tables.count("mesh"), tables.count("part"))
    if ((tables["object.number"] < 0) | (tables["object.number"] >= limits)).any():
        yield "what a draw order is for is not there"


def _runs(tables: Tables) -> Iterator[str]:
    for column, rows, width, target in (
        ("part.keyforms", tables["part.keyforms"], 1, "part_keyform"),
        ("warp.keyforms", tables["warp.keyforms"], 1, "warp_keyform"),
        ("rotation.keyforms", tables["rotation.keyforms"], 1, "rotation_keyform"),
        ("mesh.keyforms", tables["mesh.keyforms"], 1, "mesh_keyform"),
        ("mesh.uvs", tables["mesh.vertices"], 2, "uv"),
        ("mesh.indices", tables["mesh.indices"], 1, "index"),
        ("mesh.masks", tables["mesh.masks"], 1, "mask"),
        ("parameter.axes", tables["parameter.axes"], 1, "axis"),
        ("binding.axes", tables["binding.axes"], 1, "binding_axis"),
        ("axis.keys", tables["axis.keys"], 1, "key"),
        ("group.objects", tables["group.objects"], 1, "object"),
        ("glue.infos", tables["glue.infos"], 1, "glue_info"),
    ):
        if not _inside(tables[f"{column}_begin"], rows * width, tables.count(target)).all():
            yield f"the {column} end outside"


def _keyforms(tables: Tables) -> Iterator[str]:
    """One for every combination of keys, each with all its points."""
    axes, keys = tables["binding_axis.axis"], tables["axis.keys"]
    if tables["binding.axes"].max(initial=0) > MOST_AXES:
        yield "an object follows too many parameters"
    if (keys < 1).any():
        yield "an axis has no keys"
    binding = zip(tables["binding.axes_begin"].tolist(), tables["binding.axes"].tolist(), strict=True)
    combinations = [math.prod(keys[axes[begin : begin + count]].tolist()) for begin, count in binding]
    for table in ("part", "warp", "rotation", "mesh"):
        pairs = zip(tables[f"{table}.binding"].tolist(), tables[f"{table}.keyforms"].tolist(), strict=True)
        if any(combinations[number] > keyforms for number, keyforms in pairs):
            yield f"a {table} lacks keyforms"

    rows, columns, points = tables["warp.rows"], tables["warp.columns"], tables["warp.points"]
    if ((rows < 1) | (columns < 1) | (points != (rows + 1) * (columns + 1))).any():
        yield "a warp has no grid"
    for table, counts in (("warp", points), ("mesh", tables["mesh.vertices"])):
        begins = tables[f"{table}_keyform.positions_begin"]
        for run, count in zip(_slices(tables, f"{table}.keyforms"), counts.tolist(), strict=True):
            if not _inside(begins[run], np.int64(2 * count), tables.count("position")).all():
                yield f"a {table} lacks points"


def _triangles(tables: Tables) -> Iterator[str]:
    vertices = tables["mesh.vertices"]
    indices = tables["index.vertex"]
    for run, count in zip(_slices(tables, "mesh.indices"), vertices.tolist(), strict=True):
        if len(indices[run]) % 3 or indices[run].max(initial=-1) >= count:
            yield "a triangle has a vertex that is not there"
    larger = np.maximum(vertices[tables["glue.mesh_a"]], vertices[tables["glue.mesh_b"]])
    glued = tables["glue_info.vertex"]
    for run, count in zip(_slices(tables, "glue.infos"), larger.tolist(), strict=True):
        if glued[run].max(initial=-1) >= count:
            yield "a glue has a vertex that is not there"


def _draw_orders(tables: Tables) -> Iterator[str]:
    """Each within the range of its group: of others the core dies, unchecked."""
    floats = tables.floats()
    runs = [_slices(tables, "mesh.keyforms"), _slices(tables, "part.keyforms")]
    orders = [floats["mesh_keyform.draw_order"], floats["part_keyform.draw_order"]]
    kinds, numbers = tables["object.kind"].tolist(), tables["object.number"].tolist()
    ranges = zip(tables["group.lowest"].tolist(), tables["group.highest"].tolist(), strict=True)
    for objects, (lowest, highest) in zip(_slices(tables, "group.objects"), ranges, strict=True):
        if not 0 <= highest - lowest <= MOST_DRAW_ORDERS:
            yield "a range of draw orders is wrong"
        for kind, number in zip(kinds[objects], numbers[objects], strict=True):
            which = 0 if kind == _MESH else 1
            found = orders[which][runs[which][number]]
            if ((found < lowest) | (found > highest)).any():
                yield "a draw order is out of its range"


def _groups(tables: Tables) -> Iterator[str]:
    """The groups of draw orders must be a tree with every mesh in it once, and each must know how many meshes
    are below it. Else the core gives orders that are none, and whoever sorts by them writes elsewhere."""
    kinds, numbers, inner = tables["object.kind"], tables["object.number"], tables["object.group"]
    below = tables["group.meshes_below"]
    parents = np.full(len(below), -1)
    meshes: list[int] = []
    children: list[int] = []
    for group, run in enumerate(_slices(tables, "group.objects")):
        own = numbers[run][kinds[run] == _MESH].tolist()
        groups = [one for one in inner[run][kinds[run] == _PART].tolist() if one >= 0]
        if below[group] != len(own) + sum(below[groups].tolist()):
            yield "a group of draw orders has a wrong count"
        parents[groups] = group
        meshes += own
        children += groups
    if sorted(meshes) != list(range(tables.count("mesh"))):
        yield "a mesh has not just one draw order"
    if sorted(children) != list(range(1, len(below))) or _circular(parents):
        yield "the groups of draw orders are no tree"


def _inside(begins: Numbers, counts: Numbers | np.int64, limit: int) -> NDArray[np.bool_]:
    """Of runs of rows: whether each lies within a table of `limit` rows."""
    return (counts == 0) | ((counts > 0) & (begins >= 0) & (begins + counts <= limit))


def _slices(tables: Tables, column: str) -> list[slice]:
    """The runs of a column that has passed `_runs`."""
    pairs = zip(tables[f"{column}_begin"].tolist(), tables[column].tolist(), strict=True)
    return [slice(begin, begin + count) if count else slice(0) for begin, count in pairs]


def _circular(parents: Numbers) -> bool:
    """Whether someone is among his own ancestors (-1: has none)."""
    above = np.append(parents, -1)  # so that -1 leads to -1
    for _ in range(len(parents).bit_length() + 1):
        above = above[above]
    return bool((above >= 0).any())
