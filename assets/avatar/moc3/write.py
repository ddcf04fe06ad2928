"""A model as the bytes of a .moc3 file.

How keyforms find their axes: a row of `axes` is one parameter with one list of keys; a row of `bindings` is a
run in `binding_axes`, the axes of one object. Both are shared between the objects that have the same ones,
and binding 0 has no axes at all. The axes of one parameter must stand together: so they are collected first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

import numpy as np

from assets.avatar.moc3 import layout
from assets.avatar.moc3.check import check
from assets.avatar.moc3.model import (
    HIGHEST_DRAW_ORDER,
    LOWEST_DRAW_ORDER,
    Axis,
    Blend,
    Deformer,
    Mesh,
    Model,
    Points,
    Rotation,
    Warp,
)

_BLEND_FLAGS: dict[Blend, int] = {
    "normal": 0,
    "additive": layout.ADDITIVE,
    "multiply": layout.MULTIPLY,
}
_SNAP_DECIMALS = 3
"""A value this near (0.1 ** n) to a key counts as on it."""
_PART_DRAW_ORDER = 500.0
"""Of no effect: only meshes are in our one draw-order group."""


def to_bytes(model: Model) -> bytes:
    """The whole file, the same for the same model. Raises ValueError with every complaint of `check`."""
    if complaints := check(model):
        raise ValueError("\n".join(complaints))
    return _assemble(model, _Writer(model).tables)


class _Tables:
    """The tables of layout.TABLES, growing."""

    def __init__(self) -> None:
        self._columns = {table.name: {column: [] for column in table.columns} for table in layout.TABLES}

    def add(self, table: str, **row: object) -> int:
        """Appends a row that names every column but the runtime ones; returns its number."""
        columns = self._columns[table]
        assert row.keys() == {name for name in columns if not name.startswith("runtime")}, table
        number = self.count(table)
        for name, column in columns.items():
            column.append(row.get(name, 0))
        return number

    def extend(self, table: str, values: Iterable[object]) -> int:
        """Appends `values` to a table of one column; returns the number of the first."""
        (column,) = self._columns[table].values()
        begin = len(column)
        column.extend(values)
        return begin

    def count(self, table: str) -> int:
        return len(next(iter(self._columns[table].values())))

    def column(self, table: str, name: str) -> list[object]:
        return self._columns[table][name]


class _Writer:
    """Fills the tables from a model that has passed the check."""

    def __init__(self, model: Model) -> None:
        self.tables = _Tables()
        self._parts = {part.id: number for number, part in enumerate(model.parts)}
        self._deformers = {deformer.id: number for number, deformer in enumerate(model.deformers)}
        self._meshes = {mesh.id: number for number, mesh in enumerate(model.meshes)}
        self._axes: dict[Axis, int] = {}
        self._bindings: dict[tuple[int, ...], int] = {}
        self._parameters(model)
        self._binding(())
        for part in model.parts:
            parent = -1 if part.parent is None else self._parts[part.parent]
            self.tables.add(
                "parts",
                id=part.id.encode(),
                binding=self._binding(()),
                keyform_begin=self.tables.add("part_keyforms", draw_order=_PART_DRAW_ORDER),
                keyform_count=1,
                visible=1,
                enabled=1,
                parent=parent,
            )
        for deformer in model.deformers:
            self._deformer(deformer)
        for mesh in model.meshes:
            self._mesh(mesh)
        self._draw_order(len(model.meshes))

    def _parameters(self, model: Model) -> None:
        used: dict[str, dict[Axis, None]] = {parameter.id: {} for parameter in model.parameters}
        for item in (*model.deformers, *model.meshes):
            for axis in item.axes:
                used[axis.parameter][axis] = None
        for parameter in model.parameters:
            begin = self.tables.count("axes")
            for axis in used[parameter.id]:
                keys = self.tables.extend("keys", axis.keys)
                self._axes[axis] = self.tables.add("axes", key_begin=keys, key_count=len(axis.keys))
            self.tables.add(
                "parameters",
                id=parameter.id.encode(),
                maximum=parameter.maximum,
                minimum=parameter.minimum,
                default=parameter.default,
                repeat=0,
                decimals=_SNAP_DECIMALS,
                axis_begin=begin,
                axis_count=len(used[parameter.id]),
            )

    def _binding(self, axes: tuple[Axis, ...]) -> int:
        numbers = tuple(self._axes[axis] for axis in axes)
        if numbers not in self._bindings:
            begin = self.tables.extend("binding_axes", numbers)
            self._bindings[numbers] = self.tables.add("bindings", axis_begin=begin, axis_count=len(numbers))
        return self._bindings[numbers]

    def _parent(self, deformer: str | None) -> int:
        return -1 if deformer is None else self._deformers[deformer]

    def _positions(self, points: Points) -> int:
        return self.tables.extend("positions", np.asarray(points, np.float32).ravel().tolist())

    def _deformer(self, deformer: Deformer) -> None:
        binding = self._binding(deformer.axes)
        if isinstance(deformer, Warp):
            kind, number = layout.WARP, self._warp(deformer, binding)
        else:
            kind, number = layout.ROTATION, self._rotation(deformer, binding)
        self.tables.add(
            "deformers",
            id=deformer.id.encode(),
            binding=binding,
            visible=1,
            enabled=1,
            part=self._parts[deformer.part],
            parent=self._parent(deformer.parent),
            kind=kind,
            number_of_kind=number,
        )

    def _warp(self, warp: Warp, binding: int) -> int:
        begin = self.tables.count("warp_keyforms")
        for points, opacity in zip(warp.keyforms, _opacities(warp), strict=True):
            self.tables.add("warp_keyforms", opacity=opacity, position_begin=self._positions(points))
        return self.tables.add(
            "warps",
            binding=binding,
            keyform_begin=begin,
            keyform_count=len(warp.keyforms),
            points=(warp.rows + 1) * (warp.columns + 1),
            rows=warp.rows,
            columns=warp.columns,
        )

    def _rotation(self, rotation: Rotation, binding: int) -> int:
        begin = self.tables.count("rotation_keyforms")
        for form in rotation.keyforms:
            self.tables.add(
                "rotation_keyforms",
                opacity=1.0,
                angle=form.angle,
                x=form.x,
                y=form.y,
                scale=form.scale,
                reflect_x=0,
                reflect_y=0,
            )
        return self.tables.add(
            "rotations",
            binding=binding,
            keyform_begin=begin,
            keyform_count=len(rotation.keyforms),
            base_angle=0.0,
        )

    def _mesh(self, mesh: Mesh) -> None:
        begin = self.tables.count("mesh_keyforms")
        for points, opacity in zip(mesh.keyforms, _opacities(mesh), strict=True):
            positions = self._positions(points)
            self.tables.add(
                "mesh_keyforms", opacity=opacity, draw_order=mesh.draw_order, position_begin=positions
            )
        self.tables.add(
            "meshes",
            id=mesh.id.encode(),
            binding=self._binding(mesh.axes),
            keyform_begin=begin,
            keyform_count=len(mesh.keyforms),
            visible=1,
            enabled=1,
            part=self._parts[mesh.part],
            parent=self._parent(mesh.parent),
            texture=mesh.texture,
            flags=_flags(mesh),
            vertices=len(mesh.uvs),
            uv_begin=self.tables.extend("uvs", np.asarray(mesh.uvs, np.float32).ravel().tolist()),
            index_begin=self.tables.extend("indices", np.asarray(mesh.triangles).ravel().tolist()),
            index_count=3 * len(mesh.triangles),
            mask_begin=self.tables.extend("masks", [self._meshes[mask] for mask in mesh.masks]),
            mask_count=len(mesh.masks),
        )

    def _draw_order(self, meshes: int) -> None:
        for number in range(meshes):
            self.tables.add("group_objects", kind=layout.GROUP_OF_MESH, number=number, group=-1)
        self.tables.add(
            "groups",
            object_begin=0,
            object_count=meshes,
            meshes_below=meshes,
            highest_draw_order=HIGHEST_DRAW_ORDER,
            lowest_draw_order=LOWEST_DRAW_ORDER,
        )


def _opacities(item: Warp | Mesh) -> tuple[float, ...]:
    return (1.0,) * len(item.keyforms) if item.opacities is None else item.opacities


def _flags(mesh: Mesh) -> int:
    flags = _BLEND_FLAGS[mesh.blend]
    if mesh.double_sided:
        flags |= layout.DOUBLE_SIDED
    if mesh.inverted_mask:
        flags |= layout.INVERTED_MASK
    return flags


def _assemble(model: Model, tables: _Tables) -> bytes:
    counts = struct.pack(
        f"<{len(layout.TABLES)}i", *[tables.count(table.name) for table in layout.TABLES]
    ).ljust(layout.COUNTS_BYTES, b"\0")
    canvas = struct.pack(
        "<5fB",
        *(model.pixels_per_unit, model.width / 2, model.height / 2, model.width, model.height),
        layout.Y_DOWN,
    ).ljust(layout.CANVAS_BYTES, b"\0")
    columns = [
        np.array(tables.column(table.name, name), kind).tobytes()
        for table in layout.TABLES
        for name, kind in table.columns.items()
    ]
    offsets: list[int] = []
    body = bytearray()
    for section in (counts, canvas, *columns):
        offsets.append(layout.BODY_AT + len(body))
        body += section + bytes(-len(section) % layout.ALIGNMENT)
    head = bytearray(layout.MAGIC + bytes([layout.VERSION]))
    head += bytes(layout.OFFSETS_AT - len(head))
    head += struct.pack(f"<{len(offsets)}I", *offsets)
    return bytes(head.ljust(layout.BODY_AT, b"\0") + body)
