"""The texture: pictures lie apart and inside, their colours run on, points find their pixels."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.avatar.atlas import GAP, Atlas, pack
from assets.avatar.drawing import pixels_of
from assets.avatar.piece import Picture

sides = st.integers(1, 40)
sizes = st.lists(st.tuples(sides, sides), min_size=1, max_size=9)


def dot(name: str) -> Picture:
    """One half transparent red pixel in the middle of 21 x 21, drawn at (100, 50) at scale 2."""
    pixels = np.zeros((21, 21, 4), np.uint8)
    pixels[10, 10] = (0, 0, 128, 128)
    return Picture(name, 190, 90, 2.0, pixels)


@given(sizes)
def test_packed_rectangles_lie_inside_and_apart(wanted: list[tuple[int, int]]) -> None:
    named = {str(index): size for index, size in enumerate(wanted)}
    places = pack(named, 160)
    boxes = [(*places[name], places[name][0] + w, places[name][1] + h) for name, (w, h) in named.items()]
    assert all(
        left >= 0 and top >= 0 and right <= 160 and bottom <= 160 for left, top, right, bottom in boxes
    )
    for a, b in combinations(boxes, 2):
        apart = (
            a[2] + GAP <= b[0] or b[2] + GAP <= a[0] or a[3] + GAP <= b[1] or b[3] + GAP <= a[1]
        )  # fmt: skip
        assert apart


@pytest.mark.parametrize("size", [(600, 1), (1, 600)])
def test_what_does_not_fit_is_refused_by_name(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="full at Long"):
        pack({"Long": size}, 512)


def test_a_point_finds_its_pixel() -> None:
    atlas = Atlas([dot("A"), dot("B")])
    (u, v), *_ = atlas.uvs("B", np.array([[100.25, 50.25]])) * 2048
    assert pixels_of(atlas.image())[int(v), int(u), 3] == 128


def test_colours_run_on_where_nothing_is_seen() -> None:
    atlas = Atlas([dot("A")])
    left, top = atlas.places["A"]
    seen = pixels_of(atlas.image())[top : top + 21, left : left + 21]
    assert (seen[10, 4:17, 2] == 255).all()
    assert seen[..., 3].sum() == 128
