"""Which areas of a model can be touched, and what a point meets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.touch import covers, touch_areas


def model(folder: Path, areas: list[dict[str, str]]) -> Path:
    file = folder / "a.model3.json"
    file.write_text(json.dumps({"Version": 3, "HitAreas": areas}), encoding="utf-8-sig")
    return file


def test_hands_come_before_the_face_and_the_face_before_the_body(tmp_path: Path) -> None:
    names = ["Body", "Head", "Tail", "HandR", "HandL"]
    areas = [{"Id": f"Mesh{name}", "Name": name} for name in names]
    assert touch_areas(model(tmp_path, areas)) == [
        ("hand", "MeshHandL"),
        ("hand", "MeshHandR"),
        ("head", "MeshHead"),
        ("body", "MeshBody"),
    ]


def test_a_model_without_areas_cannot_be_touched(tmp_path: Path) -> None:
    assert touch_areas(model(tmp_path, [])) == []


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.model3.json").write_text("[]")
    with pytest.raises(ValueError, match="object"):
        touch_areas(tmp_path / "a.model3.json")


WEDGE = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [9.0, 9.0]])


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0]])
@given(x=st.floats(-1, 5), y=st.floats(-1, 5))
def test_a_triangle_covers_its_inside_however_it_is_wound(order: list[int], x: float, y: float) -> None:
    inside = x >= 0 and y >= 0 and x + y <= 4
    near_the_outline = min(abs(x), abs(y), abs(4 - x - y)) < 1e-9
    assert near_the_outline or covers(WEDGE, np.array([order]), x, y) == inside


def test_any_triangle_of_the_mesh_counts() -> None:
    both = np.array([[0, 1, 2], [1, 3, 2]])
    assert covers(WEDGE, both, 1.0, 1.0)
    assert covers(WEDGE, both, 5.0, 5.0)
    assert not covers(WEDGE, both[:1], 5.0, 5.0)
