"""The builder: spaces that are the identity at rest, keyforms in order, and mirror images."""

from __future__ import annotations

import numpy as np
import pytest

from assets.avatar.atlas import Atlas
from assets.avatar.moc3.model import Rotation
from assets.avatar.net import sheet
from assets.avatar.piece import Picture
from assets.avatar.rig.builder import HEIGHT, LEFT, ROOT, TOP, UNIT, WIDTH, Builder, Turn
from assets.avatar.rig.moves import moved, turned

NET = sheet(np.array([600.0, 700.0]), np.array([300.0, 400.0]))


@pytest.fixture
def builder() -> Builder:
    return Builder(Atlas([Picture("Patch", 500, 200, 1.0, np.full((300, 300, 4), 255, np.uint8))]))


def test_the_middle_of_the_canvas_is_the_origin() -> None:
    corners = np.array([(LEFT + WIDTH / 2, TOP + HEIGHT / 2), (LEFT, TOP)])
    assert ROOT.local(corners).tolist() == [[0, 0], [-WIDTH / 2 / UNIT, -HEIGHT / 2 / UNIT]]


def test_the_canvas_is_no_wider_than_a_unit() -> None:
    """live2d-py (1.0.0) finds what is touched in the right places only then."""
    assert WIDTH <= UNIT


def test_the_first_axis_varies_fastest(builder: Builder) -> None:
    builder.mesh(
        "Patch", "PartBody", ROOT, 1, NET, "Patch",
        axes=[("ParamAngleX", (0, 1)), ("ParamAngleY", (0, 10))], move=moved,
    )  # fmt: skip
    (mesh,) = builder.model().meshes
    steps = [(form - mesh.keyforms[0])[0] * UNIT for form in mesh.keyforms]
    assert np.allclose(steps, [(0, 0), (1, 0), (0, 10), (1, 10)], atol=1e-3)


def test_a_mirrored_mesh_is_the_mirror_image_with_the_same_picture(builder: Builder) -> None:
    for name, mirrored in (("L", False), ("R", True)):
        builder.mesh(
            name, "PartBody", ROOT, 1, NET, "Patch",
            axes=[("ParamAngleX", (0, 1))], move=lambda points, x: moved(points, 5 * x, 0), mirrored=mirrored,
        )  # fmt: skip
    left, right = builder.model().meshes
    assert (left.uvs == right.uvs).all()
    for one, other in zip(left.keyforms, right.keyforms, strict=True):
        assert np.allclose(one * [-1, 1], other, atol=1e-6)


def test_only_the_outermost_rotation_turns_pixels_into_units(builder: Builder) -> None:
    outer = builder.rotation("Outer", "PartBody", ROOT, (500, 900), [], lambda: Turn(0))
    bend = builder.warp("Bend", "PartBody", outer, (0, 0, 1000, 1000), (1, 1), [], lambda points: points)
    inner = builder.rotation("Inner", "PartBody", bend, (600, 400), [], lambda: Turn(10, 5, 0), size=2)
    assert inner.local(np.array([(600.0, 450.0)])).tolist() == [[0, 50]]
    first, _, last = builder.model().deformers
    assert isinstance(first, Rotation)
    assert isinstance(last, Rotation)
    assert first.keyforms[0].scale == 1 / UNIT
    (form,) = last.keyforms
    assert (form.angle, form.scale) == (10, 2)
    assert (form.x, form.y) == pytest.approx((0.605, 0.4))


def test_a_mirrored_rotation_turns_the_other_way(builder: Builder) -> None:
    builder.rotation("R", "PartBody", ROOT, (600, 590), [], lambda: Turn(10, 5, 3), mirrored=True)
    (rotation,) = builder.model().deformers
    assert isinstance(rotation, Rotation)
    (form,) = rotation.keyforms
    assert form.angle == -10
    assert (form.x, form.y) == pytest.approx(tuple(ROOT.local(np.array([(395.0, 593.0)]))[0]))


def test_turning_is_clockwise_on_the_screen() -> None:
    assert np.allclose(turned(np.array([(3.0, 1.0)]), (1, 1), np.pi / 2), [(1, 3)])
