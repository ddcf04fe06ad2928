"""Every complaint, provoked once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from assets.avatar.moc3.check import check
from assets.avatar.moc3.model import Axis, Model, Parameter, Part, Rotation, RotationForm, Warp
from assets.avatar.moc3.write import to_bytes
from tests.support.avatar import CORNERS, GRID, moving_model, points, square, square_model

TURN = Parameter("Turn", -1, 1, 0)
NAN = points((math.nan, 0), (0, 0), (0, 0), (0, 0))


def with_mesh(**changes: object) -> Model:
    return square_model(meshes=(square(**changes),))


def with_axis(*keys: float, parameter: str = "Turn") -> Model:
    mesh = square(axes=(Axis(parameter, keys),), keyforms=(CORNERS,) * len(keys))
    return square_model(parameters=(TURN,), meshes=(mesh,))


def with_parameter(minimum: float, maximum: float, default: float) -> Model:
    return square_model(parameters=(Parameter("Turn", minimum, maximum, default),))


def with_warp(**changes: object) -> Model:
    warp = Warp("Bend", "Part", None, 1, 1, (), (GRID,))
    return square_model(deformers=(replace(warp, **changes),))  # pyright: ignore[reportArgumentType]


def with_rotation(*forms: RotationForm) -> Model:
    return square_model(deformers=(Rotation("Swing", "Part", None, (), forms),))


BAD = {
    "canvas: width must be above 0": square_model(width=0),
    "canvas: height must be above 0": square_model(height=math.nan),
    "canvas: pixels_per_unit must be above 0": square_model(pixels_per_unit=-1),
    "at least one part": square_model(parts=()),
    "the id Square is there more than once": square_model(meshes=(square(), square())),
    "the id Turn is there more than once": square_model(parameters=(TURN, TURN)),
    "at least one character": with_mesh(id=""),
    "no zero byte": with_mesh(id="a\0b"),
    "longer than 63 bytes": with_mesh(id="眼" * 22),
    "its numbers must be finite": with_parameter(0, math.inf, 0),
    "its minimum must be below its maximum": with_parameter(1, 1, 1),
    "its default lies outside": with_parameter(0, 1, 2),
    "Inner: no part Outer comes before it": square_model(
        parts=(Part("Part"), Part("Inner", "Outer"), Part("Outer"))
    ),
    "Bend: no deformer Bend comes before it": with_warp(parent="Bend"),
    "Square: there is no part Other": with_mesh(part="Other"),
    "Square: there is no deformer Other": with_mesh(parent="Other"),
    "there is no parameter Other": with_axis(-1, 1, parameter="Other"),
    "two of its axes have the same parameter": square_model(
        parameters=(TURN,), meshes=(square(axes=(Axis("Turn", (-1, 1)),) * 2, keyforms=(CORNERS,) * 4),)
    ),
    "its keys of Turn must be two or more": with_axis(0),
    "and ascend": with_axis(-1, 0.5, 0, 1),
    "must reach from its minimum to its maximum": with_axis(-1, 0),
    "want 1 keyforms, not 2": with_mesh(keyforms=(CORNERS, CORNERS)),
    "its scale above 0": with_rotation(RotationForm(0, 0, 0, 0)),
    "numbers of a keyform must be finite": with_rotation(RotationForm(math.inf, 0, 0, 1)),
    "at least one row and one column": with_warp(rows=0, keyforms=(GRID[:2],)),
    "must have the shape (6, 2), not (4, 2)": with_warp(rows=2),
    "must have the shape (4, 2), not (3, 2)": with_mesh(keyforms=(CORNERS[:3],)),
    "points of a keyform must be finite": with_mesh(keyforms=(NAN,)),
    "needs 1 opacities, not 2": with_mesh(opacities=(1, 1)),
    "an opacity must be 0..1": with_mesh(opacities=(math.nan,)),
    "its uvs must have the shape": with_mesh(uvs=CORNERS[:2], keyforms=(CORNERS[:2],)),
    "its uvs must be 0..1": with_mesh(uvs=CORNERS),
    "its triangles must have the shape": with_mesh(triangles=np.array([0, 1, 2])),
    "its triangles must be whole numbers": with_mesh(triangles=np.array([[0, 1, 2.5]])),
    "a triangle has a vertex that is not there": with_mesh(triangles=np.array([[0, 1, 4]])),
    "its draw order must be 0..1000, not 1001": with_mesh(draw_order=1001),
    "its texture must be 0 or more": with_mesh(texture=-1),
    "no other mesh Square to mask it": with_mesh(masks=("Square",)),
    "one mesh masks it twice": square_model(
        meshes=(square(), square(id="Masked", masks=("Square", "Square")))
    ),
}


@pytest.mark.parametrize("model", [square_model(), moving_model()])
def test_nothing_is_wrong_with_a_good_model(model: Model) -> None:
    assert check(model) == []


@pytest.mark.parametrize("complaint", BAD)
def test_what_is_wrong_is_told(complaint: str) -> None:
    assert [told for told in check(BAD[complaint]) if complaint in told]


def test_the_writer_refuses_what_is_wrong_with_every_complaint() -> None:
    with pytest.raises(ValueError, match=r"(?s)width.*draw order"):
        to_bytes(replace(with_mesh(draw_order=-1), width=0))
