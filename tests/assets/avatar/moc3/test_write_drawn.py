"""What only a picture shows of a written model: order, blending, sides, masks, opacity, textures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from assets.avatar.moc3.model import Axis, Mesh, Model, Parameter
from tests.support.avatar import CORNERS, points, square, square_model, write_square
from tests.support.drawn import Colour, drawn, needs_display

pytestmark = needs_display

COLOURS = ((255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255), (128, 128, 128, 255))
RED, GREEN, BLUE, GREY = range(4)
NOTHING = (0, 0, 0, 0)


def of(colour: int, **changes: Any) -> Mesh:
    """The square in one of the colours."""
    left, right = colour / 4 + 0.1, colour / 4 + 0.15
    return square(uvs=points((left, 0), (right, 0), (right, 1), (left, 1)), **changes)


def moved(side: float) -> dict[str, Any]:
    return {"keyforms": (CORNERS + points((side, 0)),)}


def write(folder: Path, model: Model) -> Path:
    path = write_square(folder, model)
    picture = Image.new("RGBA", (64, 16))
    for number, colour in enumerate(COLOURS):
        picture.paste(colour, (number * 16, 0, number * 16 + 16, 16))
    picture.save(folder / "texture.png")
    return path


def look(folder: Path, *meshes: Mesh, at: tuple[tuple[float, float], ...] = ((0, 0),)) -> list[Colour]:
    return drawn([write(folder, square_model(meshes=meshes))], *at)[0]


def test_the_higher_draw_order_is_in_front_and_of_equals_the_later(tmp_path: Path) -> None:
    behind = [of(RED, draw_order=501), of(GREEN, id="Other", draw_order=500)]
    equal = [replace(mesh, draw_order=500) for mesh in behind]
    assert look(tmp_path, *behind) == [COLOURS[RED]]
    assert look(tmp_path, *equal) == [COLOURS[GREEN]]


def test_draw_orders_reach_from_0_to_1000(tmp_path: Path) -> None:
    assert look(tmp_path, of(RED, draw_order=1000), of(GREEN, id="Other", draw_order=0)) == [COLOURS[RED]]


def test_blending(tmp_path: Path) -> None:
    assert look(tmp_path, of(RED), of(GREEN, id="Other", blend="additive")) == [(255, 255, 0, 255)]
    assert look(tmp_path, of(RED), of(GREEN, id="Other", blend="multiply")) == [(0, 0, 0, 255)]


def test_the_back_is_seen_only_of_what_is_double_sided(tmp_path: Path) -> None:
    turned = of(RED, keyforms=(CORNERS * points((-1, 1)),))
    assert look(tmp_path, turned) == [COLOURS[RED]]
    assert look(tmp_path, replace(turned, double_sided=False)) == [NOTHING]
    assert look(tmp_path, of(RED, double_sided=False)) == [COLOURS[RED]]


def test_a_mesh_shows_within_its_masks_or_outside_of_them(tmp_path: Path) -> None:
    masks = [of(BLUE, id="A", opacities=(0,), **moved(-0.3)), of(BLUE, id="B", opacities=(0,), **moved(0.3))]
    masked = of(RED, masks=("A", "B"))
    places = ((-0.15, 0.0), (0.0, 0.0), (0.15, 0.0))
    inside = [COLOURS[RED], NOTHING, COLOURS[RED]]
    assert look(tmp_path, *masks, masked, at=places) == inside
    outside = [NOTHING, COLOURS[RED], NOTHING]
    assert look(tmp_path, *masks, replace(masked, inverted_mask=True), at=places) == outside


@pytest.mark.parametrize(("value", "alpha"), [(-1, 255), (0, 191), (1, 128)])
def test_opacity_is_interpolated(tmp_path: Path, value: float, alpha: int) -> None:
    mesh = of(RED, axes=(Axis("Fade", (-1, 1)),), keyforms=(CORNERS, CORNERS), opacities=(1, 0.5))
    model = square_model(parameters=(Parameter("Fade", -1, 1, value),), meshes=(mesh,))
    ((colour,),) = drawn([write(tmp_path, model)], (0, 0))
    assert colour[3] == pytest.approx(alpha, abs=1)


def test_each_mesh_is_drawn_from_its_texture(tmp_path: Path) -> None:
    path = write(tmp_path, square_model(meshes=(of(RED, texture=1),)))
    Image.new("RGBA", (16, 16), (1, 2, 3, 255)).save(tmp_path / "second.png")
    path.write_text(path.read_text().replace('"texture.png"', '"texture.png",\n"second.png"'))
    assert drawn([path], (0, 0)) == [[(1, 2, 3, 255)]]
