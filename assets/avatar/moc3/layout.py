"""Where everything stands in a .moc3 file of version 1 (Cubism 3.0), little endian.

    0     "MOC3", the version, zeros
    64    160 offsets (u32) of the sections, from the start of the file; those not used are 0
    704   room in which the core keeps its pointers
    1984  the sections: the counts, the canvas, then every column of TABLES, one after another

A table is kept as its columns. Section 0 holds the number of rows of each table. Every section starts at a
multiple of 64, and so the file ends; the core refuses a file of another length.

Columns named `..._begin` point into another table. Those that point at `positions` and `uvs` count single
floats, not points.
"""

from __future__ import annotations

from typing import NamedTuple

MAGIC = b"MOC3"
VERSION = 1
OFFSETS_AT = 64
BODY_AT = 1984
ALIGNMENT = 64
COUNTS_BYTES = 128
CANVAS_BYTES = 64
ID_BYTES = 64
"""Of an id with its closing zero."""

POINTER, ID, INT, FLOAT, SHORT, BYTE = "<u8", f"S{ID_BYTES}", "<i4", "<f4", "<u2", "u1"
"""The kinds of a column, as numpy's dtypes. Of a POINTER only the room matters: the core fills it."""

Y_DOWN = 0
"""Flag of the canvas: stored y grows downward, and the core turns it."""
WARP, ROTATION = 0, 1
"""Kinds of a deformer."""
GROUP_OF_MESH = 0
"""Kind of an object of a draw-order group."""
ADDITIVE, MULTIPLY, DOUBLE_SIDED, INVERTED_MASK = 1, 2, 4, 8
"""Flags of a mesh."""


class Table(NamedTuple):
    name: str
    columns: dict[str, str]
    """Name -> kind, in the order of the file."""


def _table(name: str, **columns: str) -> Table:
    return Table(name, columns)


_OBJECT = {"visible": INT, "enabled": INT, "part": INT}

TABLES = (
    _table(
        "parts",
        runtime=POINTER,
        id=ID,
        binding=INT,
        keyform_begin=INT,
        keyform_count=INT,
        visible=INT,
        enabled=INT,
        parent=INT,
    ),
    _table(
        "deformers", runtime=POINTER, id=ID, binding=INT, **_OBJECT, parent=INT, kind=INT, number_of_kind=INT
    ),
    _table("warps", binding=INT, keyform_begin=INT, keyform_count=INT, points=INT, rows=INT, columns=INT),
    _table("rotations", binding=INT, keyform_begin=INT, keyform_count=INT, base_angle=FLOAT),
    _table(
        "meshes",
        runtime=POINTER,
        runtime_uvs=POINTER,
        runtime_indices=POINTER,
        runtime_masks=POINTER,
        id=ID,
        binding=INT,
        keyform_begin=INT,
        keyform_count=INT,
        **_OBJECT,
        parent=INT,
        texture=INT,
        flags=BYTE,
        vertices=INT,
        uv_begin=INT,
        index_begin=INT,
        index_count=INT,
        mask_begin=INT,
        mask_count=INT,
    ),
    _table(
        "parameters",
        runtime=POINTER,
        id=ID,
        maximum=FLOAT,
        minimum=FLOAT,
        default=FLOAT,
        repeat=INT,
        decimals=INT,
        axis_begin=INT,
        axis_count=INT,
    ),
    _table("part_keyforms", draw_order=FLOAT),
    _table("warp_keyforms", opacity=FLOAT, position_begin=INT),
    _table(
        "rotation_keyforms",
        opacity=FLOAT,
        angle=FLOAT,
        x=FLOAT,
        y=FLOAT,
        scale=FLOAT,
        reflect_x=INT,
        reflect_y=INT,
    ),
    _table("mesh_keyforms", opacity=FLOAT, draw_order=FLOAT, position_begin=INT),
    _table("positions", value=FLOAT),
    _table("binding_axes", axis=INT),
    _table("bindings", axis_begin=INT, axis_count=INT),
    _table("axes", key_begin=INT, key_count=INT),
    _table("keys", value=FLOAT),
    _table("uvs", value=FLOAT),
    _table("indices", vertex=SHORT),
    _table("masks", mesh=INT),
    _table(
        "groups",
        object_begin=INT,
        object_count=INT,
        meshes_below=INT,
        highest_draw_order=INT,
        lowest_draw_order=INT,
    ),
    _table("group_objects", kind=INT, number=INT, group=INT),
    _table(
        "glues",
        runtime=POINTER,
        id=ID,
        binding=INT,
        keyform_begin=INT,
        keyform_count=INT,
        mesh_a=INT,
        mesh_b=INT,
        info_begin=INT,
        info_count=INT,
    ),
    _table("glue_infos", weight=FLOAT, vertex=SHORT),
    _table("glue_keyforms", intensity=FLOAT),
)
