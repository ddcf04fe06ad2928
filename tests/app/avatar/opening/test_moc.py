"""Every complaint about a .moc3 file, provoked once; and what may be changed in one."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening.moc import read_moc
from app.avatar.opening.refused import ModelRefused
from assets.avatar.moc3 import layout, write
from assets.avatar.moc3.model import Axis, Parameter, Part
from assets.avatar.moc3.write import to_bytes
from tests.support.avatar import CORNERS, ask_core, moving_model, square, square_model, write_square
from tests.support.corrupted import MOC, cell

DATA = to_bytes(moving_model())
NAN = float("nan")
BAD = {
    ("positions", "value", 0, NAN): "a position.value is no number",
    ("meshes", "binding", 0, 9): "a mesh.binding is not there",
    ("meshes", "part", 0, 1): "a mesh.part is not there",
    ("meshes", "parent", 0, -2): "a mesh.parent is not there",
    ("meshes", "texture", 0, -1): "a mesh has no texture",
    ("deformers", "parent", 0, 0): "a deformer comes before its parent",
    ("deformers", "kind", 0, 1): "a warp is not there just once",
    ("deformers", "number_of_kind", 0, 1): "a warp is not there just once",
    ("deformers", "binding", 0, 0): "a warp is bound in two ways",
    ("parameters", "decimals", 0, -1): "a parameter has wrong decimals",
    ("groups", "meshes_below", 0, 2): "a group of draw orders has a wrong count",
    ("parts", "parent", 0, 0): "a part is inside itself",
    ("group_objects", "number", 0, 1): "what a draw order is for is not there",
    ("group_objects", "group", 0, 1): "a object.group is not there",
    ("meshes", "keyform_count", 0, 3): "the mesh.keyforms end outside",
    ("meshes", "vertices", 0, -1): "the mesh.uvs end outside",
    ("meshes", "index_begin", 0, 1): "the mesh.indices end outside",
    ("meshes", "mask_count", 0, 1): "the mesh.masks end outside",
    ("axes", "key_count", 0, 99): "the axis.keys end outside",
    ("groups", "object_count", 0, 2): "the group.objects end outside",
    ("axes", "key_count", 1, 0): "an axis has no keys",
    ("meshes", "keyform_count", 0, 1): "a mesh lacks keyforms",
    ("warps", "keyform_count", 0, 2): "a warp lacks keyforms",
    ("warps", "columns", 0, 2): "a warp has no grid",
    ("warp_keyforms", "position_begin", 2, 9999): "a warp lacks points",
    ("mesh_keyforms", "position_begin", 1, -1): "a mesh lacks points",
    ("indices", "vertex", 5, 4): "a triangle has a vertex that is not there",
    ("meshes", "index_count", 0, 5): "a triangle has a vertex that is not there",
    ("groups", "lowest_draw_order", 0, 1001): "a range of draw orders is wrong",
    ("groups", "lowest_draw_order", 0, 501): "a draw order is out of its range",
    ("mesh_keyforms", "draw_order", 1, 1000.5): "a draw order is out of its range",
}


@pytest.mark.parametrize("change", BAD)
def test_what_could_kill_is_told(change: tuple[str, str, int, float], tmp_path: Path) -> None:
    (tmp_path / MOC).write_bytes(DATA)
    cell(*change)(tmp_path)
    with pytest.raises(ModelRefused) as refusal:
        read_moc((tmp_path / MOC).read_bytes(), "rio.moc3")
    assert refusal.value.message == f"rio.moc3 is damaged ({BAD[change]}): get it again."


def test_two_meshes_of_one_name() -> None:
    twins = to_bytes(square_model(meshes=(square(), square(id="Sguare")))).replace(b"Sguare", b"Square")
    with pytest.raises(ModelRefused, match="two ids of a mesh are the same"):
        read_moc(twins, "rio.moc3")


def test_an_object_that_follows_too_many_parameters() -> None:
    axes = [Axis(f"P{number}", (0, 1)) for number in range(9)]
    mesh = square(axes=tuple(axes), keyforms=(CORNERS,) * 2**9)
    parameters = tuple(Parameter(axis.parameter, 0, 1, 0) for axis in axes)
    with pytest.raises(ModelRefused, match="too many parameters"):
        read_moc(to_bytes(square_model(parameters=parameters, meshes=(mesh,))), "rio.moc3")


@pytest.mark.parametrize(("vertex", "harmless"), [(3, True), (4, False)])
def test_glue_holds_vertices_that_are_there(vertex: int, harmless: bool) -> None:
    model = square_model(meshes=(square(), square(id="Other")))
    writer = write._Writer(model)  # the writer itself writes no glue
    writer.tables.add("glue_infos", weight=1.0, vertex=vertex)
    writer.tables.add(
        "glues",
        id=b"Glue",
        binding=0,
        keyform_begin=writer.tables.add("glue_keyforms", intensity=1.0),
        keyform_count=1,
        mesh_a=0,
        mesh_b=1,
        info_begin=0,
        info_count=1,
    )
    data = write._assemble(model, writer.tables)
    with contextlib.nullcontext() if harmless else pytest.raises(ModelRefused, match="a glue has a vertex"):
        read_moc(data, "rio.moc3")


# Groups as (kind, number, group) of each object: the root, then those of the parts P1 and P2.
NESTED = ([(1, 1, 1), (0, 0, -1)], [(1, 2, 2), (0, 1, -1)], [(0, 2, -1)])


def grouped(groups: Sequence[Sequence[tuple[int, int, int]]], below: Sequence[int]) -> bytes:
    """Three meshes whose draw orders are grouped so, though the writer knows one group only."""
    parts = (Part("Part"), Part("P1"), Part("P2"))
    model = square_model(parts=parts, meshes=tuple(square(id=name) for name in "ABC"))
    writer = write._Writer(model)
    for table in ("groups", "group_objects"):
        for name in next(one.columns for one in layout.TABLES if one.name == table):
            writer.tables.column(table, name).clear()
    for objects, count in zip(groups, below, strict=True):
        begin = writer.tables.count("group_objects")
        for kind, number, group in objects:
            writer.tables.add("group_objects", kind=kind, number=number, group=group)
        writer.tables.add(
            "groups",
            object_begin=begin,
            object_count=len(objects),
            meshes_below=count,
            highest_draw_order=1000,
            lowest_draw_order=0,
        )
    return write._assemble(model, writer.tables)


def test_groups_of_draw_orders_may_be_nested() -> None:
    assert read_moc(grouped(NESTED, (3, 2, 1)), "a").meshes == ("A", "B", "C")


@pytest.mark.parametrize(
    ("groups", "below", "what"),
    [
        (NESTED, (3, 100, 1), "a wrong count"),
        (NESTED, (5, 3, 1), "a wrong count"),
        ([[(0, 0, -1), (0, 1, -1)]], [2], "not just one draw order"),
        ([[(0, 0, -1), (0, 1, -1), (0, 1, -1)]], [3], "not just one draw order"),
        ([], [], "not just one draw order"),
        ([[(0, 0, -1), (0, 1, -1), (0, 2, -1)], [(1, 1, 1)]], [3, 0], "no tree"),
        ([[(1, 1, 1), (1, 2, 1), (0, 0, -1)], [(0, 1, -1), (0, 2, -1)]], [5, 2], "no tree"),
    ],
)
def test_groups_of_draw_orders_that_would_give_orders_that_are_none(
    groups: Sequence[Sequence[tuple[int, int, int]]], below: Sequence[int], what: str
) -> None:
    with pytest.raises(ModelRefused, match=what):
        read_moc(grouped(groups, below), "rio.moc3")


def test_a_good_file_tells_its_parameters_and_meshes() -> None:
    moc = read_moc(DATA, "rio.moc3")
    first = moc.parameters[0]
    assert (first.id, first.minimum, first.default, first.maximum) == ("ParamAngleX", -30, 0, 30)
    assert (moc.meshes, moc.textures) == (("Square",), 1)


def test_the_core_agrees_with_what_was_changed(tmp_path: Path) -> None:
    path = write_square(tmp_path, moving_model())
    renamed = read_moc(DATA, "a").renamed({"ParamCheek": "ParamMouthOpenY"})
    moved = read_moc(renamed, "a").with_defaults([30, 0, 0])
    (tmp_path / MOC).write_bytes(moved)
    (answer,) = ask_core("[model.GetParamIds(), model.GetDrawableVertices(0)[0]]", [path])
    assert answer == [["ParamAngleX", "ParamMouthOpenY", "ParamHairFront"], pytest.approx(-0.1)]


@given(at=st.integers(64, len(DATA) - 9), noise=st.binary(min_size=1, max_size=8))
def test_any_damage_is_refused_or_harmless(at: int, noise: bytes) -> None:
    with contextlib.suppress(ModelRefused):
        read_moc(DATA[:at] + noise + DATA[at + len(noise) :], "a")
