"""What is written is what the Live2D core reads: asked of the core itself."""

from __future__ import annotations

import random
import struct
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from assets.avatar.moc3 import layout
from assets.avatar.moc3.model import Axis, Mesh, Model, Parameter, Part, Points, Rotation, RotationForm, Warp
from assets.avatar.moc3.write import to_bytes
from tests.support.avatar import (
    CORNERS,
    GRID,
    ask_core,
    moving_model,
    points,
    square,
    square_model,
    write_square,
)

CONSISTENT = "model.HasMocConsistencyFromFile('square.moc3')"
FIRST_MESH = "model.GetDrawableVertices(0)"


def shown(folder: Path, *models: Model) -> list[Points]:
    """Where the core puts the vertices of each model's first mesh, y downward as we write them."""
    paths = [write_square(folder / str(number), model) for number, model in enumerate(models)]
    answers = ask_core(FIRST_MESH, paths)
    return [np.array(answer, np.float32).reshape(-1, 2) * points((1, -1)) for answer in answers]


def at(model: Model, *defaults: float) -> Model:
    """The model as it stands when its first parameters have these values."""
    changed = [replace(p, default=value) for p, value in zip(model.parameters, defaults, strict=False)]
    return replace(model, parameters=(*changed, *model.parameters[len(changed) :]))


def test_the_file_is_laid_out_as_the_core_wants_it() -> None:
    data = to_bytes(moving_model())
    offsets = struct.unpack_from("<160I", data, layout.OFFSETS_AT)
    used = 2 + sum(len(table.columns) for table in layout.TABLES)
    assert used == 101
    assert data[:6] == b"MOC3\1\0"
    assert offsets[0] == layout.BODY_AT
    assert list(offsets[:used]) == sorted(offsets[:used])
    assert set(offsets[used:]) == {0}
    assert [offset % 64 for offset in (*offsets, len(data))] == [0] * 161


def test_the_same_model_gives_the_same_bytes() -> None:
    assert to_bytes(moving_model()) == to_bytes(moving_model())


def random_model(seed: int) -> Model:
    """A model with a bit of everything, in sizes drawn by lot."""
    draw = random.Random(seed)
    lots = np.random.default_rng(seed)
    parameters = tuple(Parameter(f"P{number}", -1, 1, 0) for number in range(draw.randint(0, 4)))

    def axes() -> tuple[Axis, ...]:
        chosen = draw.sample(parameters, draw.randint(0, min(3, len(parameters))))
        return tuple(Axis(parameter.id, draw.choice([(-1, 1), (-1, 0, 1)])) for parameter in chosen)

    def forms(axes: tuple[Axis, ...], count: int) -> tuple[Points, ...]:
        combinations = product(*(axis.keys for axis in axes))
        return tuple(lots.random((count, 2), np.float32) for _ in combinations)

    parts = tuple(Part(f"Part{number}", "Part0" if number else None) for number in range(draw.randint(1, 3)))
    deformers: list[Warp | Rotation] = []
    for number in range(draw.randint(0, 5)):
        parent = draw.choice([None, *(deformer.id for deformer in deformers)])
        own = axes()
        part = draw.choice(parts).id
        if draw.random() < 0.5:
            grid = forms(own, 3 * 4)
            opacities = tuple(draw.random() for _ in grid)
            deformers.append(Warp(f"D{number}", part, parent, 2, 3, own, grid, opacities))
        else:
            turns = tuple(RotationForm(draw.uniform(-9, 9), 0, 0, 1) for _ in forms(own, 1))
            deformers.append(Rotation(f"D{number}", part, parent, own, turns))
    meshes: list[Mesh] = []
    for number in range(draw.randint(0, 6)):
        count = draw.randint(3, 40)
        own = axes()
        meshes.append(
            Mesh(
                id=f"网格{number}",
                part=draw.choice(parts).id,
                parent=draw.choice([None, *(deformer.id for deformer in deformers)]),
                uvs=lots.random((count, 2), np.float32),
                triangles=lots.integers(0, count, (draw.randint(1, 50), 3)),
                axes=own,
                keyforms=forms(own, count),
                opacities=None,
                draw_order=draw.choice([0, 500, 1000]),
                masks=tuple(mesh.id for mesh in meshes if draw.random() < 0.2),
                blend=draw.choice(["normal", "additive", "multiply"]),
                double_sided=draw.random() < 0.5,
                inverted_mask=draw.random() < 0.5,
            )
        )
    return Model(800, 1000, 900, parameters, parts, tuple(deformers), tuple(meshes))


def test_the_core_finds_every_model_consistent_and_reads_back_its_meshes(tmp_path: Path) -> None:
    models = [random_model(seed) for seed in range(40)]
    paths = [write_square(tmp_path / str(number), model) for number, model in enumerate(models)]
    assert all(ask_core(CONSISTENT, paths))
    # Turning y over, the core also turns every triangle round.
    meshes = (
        "[model.GetDrawableIds(), [model.GetDrawableIndices(i) for i in range(len(model.GetDrawableIds()))]]"
    )
    assert ask_core(meshes, paths) == [
        [
            [mesh.id for mesh in model.meshes],
            [mesh.triangles[:, ::-1].ravel().tolist() for mesh in model.meshes],
        ]
        for model in models
    ]


def test_the_core_reads_parameters_parts_and_canvas(tmp_path: Path) -> None:
    model = square_model(
        width=1300,
        parameters=(Parameter("ParamAngleX", -30, 20, 10),),
        parts=(Part("Part"), Part("Inner", "Part")),
    )
    question = (
        "[model.GetParamIds(), model.GetParamMinByIndex(0), model.GetParamMaxByIndex(0),"
        " model.GetParamDefaultByIndex(0), model.GetPartIds(), model.GetCanvasSizePixel()]"
    )
    (answer,) = ask_core(question, [write_square(tmp_path, model)])
    assert answer == [["ParamAngleX"], -30, 20, 10, ["Part", "Inner"], [1300, 1000]]


def test_a_mesh_of_no_parent_stands_in_units_from_the_middle(tmp_path: Path) -> None:
    (vertices,) = shown(tmp_path, square_model())
    assert vertices == pytest.approx(CORNERS)


def test_the_first_axis_varies_fastest(tmp_path: Path) -> None:
    axes = (Axis("X", (0, 1)), Axis("Y", (0, 1)))
    moves = [points((x, y)) for y in (0, 0.3) for x in (0, 0.1)]
    model = square_model(
        parameters=(Parameter("X", 0, 1, 0), Parameter("Y", 0, 1, 0)),
        meshes=(square(axes=axes, keyforms=tuple(CORNERS + move for move in moves)),),
    )
    right, down, between = shown(tmp_path, at(model, 1, 0), at(model, 0, 1), at(model, 0.5, 0.5))
    assert right == pytest.approx(CORNERS + points((0.1, 0)))
    assert down == pytest.approx(CORNERS + points((0, 0.3)))
    assert between == pytest.approx(CORNERS + points((0.05, 0.15)))


def test_a_warp_has_its_points_row_by_row_and_its_inside_from_0_to_1(tmp_path: Path) -> None:
    grid = points(*((x, y) for y in (-0.3, 0.3) for x in (-0.3, 0.1, 0.3)))
    warp = Warp("Bend", "Part", None, 1, 2, (), (grid,))
    inside = points((0.5, 0), (0.5, 1), (0.25, 0.5), (1, 1))
    model = square_model(deformers=(warp,), meshes=(square(parent="Bend", keyforms=(inside,)),))
    (vertices,) = shown(tmp_path, model)
    assert vertices == pytest.approx(points((0.1, -0.3), (0.1, 0.3), (-0.1, 0), (0.3, 0.3)), abs=1e-6)


def test_a_rotation_turns_clockwise_about_its_pivot(tmp_path: Path) -> None:
    rotation = Rotation("Swing", "Part", None, (), (RotationForm(90, 0.1, 0.2, 0.001),))
    offsets = points((100, 0), (0, 100), (0, 0), (-100, 0))
    model = square_model(deformers=(rotation,), meshes=(square(parent="Swing", keyforms=(offsets,)),))
    (vertices,) = shown(tmp_path, model)
    assert vertices == pytest.approx(points((0.1, 0.3), (0, 0.2), (0.1, 0.2), (0.1, 0.1)), abs=1e-6)


def test_scales_multiply_through_a_warp(tmp_path: Path) -> None:
    outer = Rotation("Outer", "Part", None, (), (RotationForm(0, 0, 0, 0.001),))
    warp = Warp("Bend", "Part", "Outer", 1, 1, (), (GRID * np.float32(200),))
    inner = Rotation("Inner", "Part", "Bend", (), (RotationForm(0, 0.5, 0.5, 1),))
    offsets = points((0, 0), (100, 0), (100, 100), (0, 100))
    model = square_model(
        deformers=(outer, warp, inner), meshes=(square(parent="Inner", keyforms=(offsets,)),)
    )
    (vertices,) = shown(tmp_path, model)
    assert vertices == pytest.approx(offsets / 1000, abs=1e-6)
