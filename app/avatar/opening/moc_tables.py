"""The tables of a .moc3 file, read without trusting a number in it.

A file is a list of sections, each one column of a table, little endian. Their offsets stand from byte 64 on;
section 0 holds the number of rows of every table, section 1 the canvas. Versions 1 to 6 add sections at the
end, and keep these.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.avatar.opening.refused import ModelRefused

VERSIONS = range(1, 7)
"""That the core knows."""
_OFFSETS_AT = 64
_BODY_AT = 1984
ID_BYTES = 64
_INT, _FLOAT, _SHORT, _ID = "<i4", "<f4", "<u2", f"S{ID_BYTES}"

_TABLES = (
    *("part", "deformer", "warp", "rotation", "mesh", "parameter"),
    *("part_keyform", "warp_keyform", "rotation_keyform", "mesh_keyform"),
    *("position", "binding_axis", "binding", "axis", "key", "uv", "index", "mask"),
    *("group", "object", "glue", "glue_info", "glue_keyform"),
)
"""The tables, in the order of their counts."""

COLUMNS = {
    "part.id": (3, _ID),
    "part.binding": (4, _INT),
    "part.keyforms_begin": (5, _INT),
    "part.keyforms": (6, _INT),
    "part.parent": (9, _INT),
    "deformer.binding": (12, _INT),
    "deformer.part": (15, _INT),
    "deformer.parent": (16, _INT),
    "deformer.kind": (17, _INT),
    "deformer.number": (18, _INT),
    "warp.binding": (19, _INT),
    "warp.keyforms_begin": (20, _INT),
    "warp.keyforms": (21, _INT),
    "warp.points": (22, _INT),
    "warp.rows": (23, _INT),
    "warp.columns": (24, _INT),
    "rotation.binding": (25, _INT),
    "rotation.keyforms_begin": (26, _INT),
    "rotation.keyforms": (27, _INT),
    "mesh.id": (33, _ID),
    "mesh.binding": (34, _INT),
    "mesh.keyforms_begin": (35, _INT),
    "mesh.keyforms": (36, _INT),
    "mesh.part": (39, _INT),
    "mesh.parent": (40, _INT),
    "mesh.texture": (41, _INT),
    "mesh.vertices": (43, _INT),
    "mesh.uvs_begin": (44, _INT),
    "mesh.indices_begin": (45, _INT),
    "mesh.indices": (46, _INT),
    "mesh.masks_begin": (47, _INT),
    "mesh.masks": (48, _INT),
    "parameter.id": (50, _ID),
    "parameter.maximum": (51, _FLOAT),
    "parameter.minimum": (52, _FLOAT),
    "parameter.default": (53, _FLOAT),
    "parameter.decimals": (55, _INT),
    "parameter.axes_begin": (56, _INT),
    "parameter.axes": (57, _INT),
    "part_keyform.draw_order": (58, _FLOAT),
    "warp_keyform.opacity": (59, _FLOAT),
    "warp_keyform.positions_begin": (60, _INT),
    "rotation_keyform.opacity": (61, _FLOAT),
    "rotation_keyform.angle": (62, _FLOAT),
    "rotation_keyform.x": (63, _FLOAT),
    "rotation_keyform.y": (64, _FLOAT),
    "rotation_keyform.scale": (65, _FLOAT),
    "mesh_keyform.opacity": (68, _FLOAT),
    "mesh_keyform.draw_order": (69, _FLOAT),
    "mesh_keyform.positions_begin": (70, _INT),
    "position.value": (71, _FLOAT),
    "binding_axis.axis": (72, _INT),
    "binding.axes_begin": (73, _INT),
    "binding.axes": (74, _INT),
    "axis.keys_begin": (75, _INT),
    "axis.keys": (76, _INT),
    "key.value": (77, _FLOAT),
    "uv.value": (78, _FLOAT),
    "index.vertex": (79, _SHORT),
    "mask.mesh": (80, _INT),
    "group.objects_begin": (81, _INT),
    "group.objects": (82, _INT),
    "group.meshes_below": (83, _INT),
    "group.highest": (84, _INT),
    "group.lowest": (85, _INT),
    "object.kind": (86, _INT),
    "object.number": (87, _INT),
    "object.group": (88, _INT),
    "glue.mesh_a": (94, _INT),
    "glue.mesh_b": (95, _INT),
    "glue.infos_begin": (96, _INT),
    "glue.infos": (97, _INT),
    "glue_info.vertex": (99, _SHORT),
}
"""Column -> section and kind (as numpy's dtype)."""


class Tables:
    """Raises ModelRefused `bad-moc` for a file whose sections do not lie in it whole."""

    def __init__(self, data: bytes, name: str) -> None:
        if len(data) < _BODY_AT or not data.startswith(b"MOC3"):
            raise ModelRefused("bad-moc", f"{name} is no moc3 file, or not a whole one: get it again.")
        if data[4] not in VERSIONS:
            raise ModelRefused("bad-moc", f"{name} is of a version that is not known ({data[4]}).")
        if data[5]:
            raise ModelRefused("bad-moc", f"{name} is for another kind of computer (big endian).")
        self._data = data
        self._name = name
        counts = self._section(0, _INT, len(_TABLES))
        if (counts < 0).any():
            raise self._damaged()
        self._counts = dict(zip(_TABLES, counts.tolist(), strict=True))
        self.canvas = self._section(1, _FLOAT, 5).astype(np.float64)
        """Pixels per unit, x and y of the origin, width and height in pixels."""
        self._columns = {column: self._column(column) for column in COLUMNS}

    def __getitem__(self, column: str) -> NDArray[np.int64]:
        """A column of whole numbers."""
        return self._columns[column].astype(np.int64)

    def floats(self) -> dict[str, NDArray[np.float32]]:
        """Every column of floats."""
        return {name: self._columns[name] for name, (_, kind) in COLUMNS.items() if kind == _FLOAT}

    def ids(self, table: str) -> tuple[str, ...]:
        """Raises ModelRefused `bad-moc` for an id that is not UTF-8."""
        try:
            raw = self._columns[f"{table}.id"].tolist()
            return tuple(value.partition(b"\0")[0].decode() for value in raw)
        except UnicodeDecodeError as error:
            raise self._damaged() from error

    def count(self, table: str) -> int:
        return self._counts[table]

    def begin(self, column: str) -> int:
        """Where in the file the column begins."""
        return self._offset(COLUMNS[column][0])

    def _column(self, column: str) -> NDArray[Any]:
        section, kind = COLUMNS[column]
        return self._section(section, kind, self._counts[column.partition(".")[0]])

    def _offset(self, section: int) -> int:
        (offset,) = struct.unpack_from("<I", self._data, _OFFSETS_AT + 4 * section)
        return offset

    def _section(self, section: int, kind: str, count: int) -> NDArray[Any]:
        if not count:  # wherever its offset leads
            return np.empty(0, kind)
        offset = self._offset(section)
        if offset < _BODY_AT or offset + count * np.dtype(kind).itemsize > len(self._data):
            raise self._damaged()
        return np.frombuffer(self._data, kind, count, offset)

    def _damaged(self) -> ModelRefused:
        return ModelRefused("bad-moc", f"{self._name} is damaged: get it again.")
