"""The pointer as a point to look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.gaze import Point
from app.avatar.glance import glance

NUMBERS = st.floats(-1e5, 1e5)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ((300, 200), (0, 0)),
        ((500, 200), (0.5, 0)),
        ((300, 0), (0, 0.5)),
        ((-100, 600), (-1, -1)),
        ((-101, 200), None),
        ((300, 601), None),
    ],
)
def test_right_and_up_are_positive_and_far_is_none(pointer: Point, expected: Point | None) -> None:
    assert glance(pointer, face=(300, 200), reach=400) == expected


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.floats(1, 1e4))
def test_never_beyond_what_she_can_look_at(
    x: float, y: float, face_x: float, face_y: float, reach: float
) -> None:
    seen = glance((x, y), (face_x, face_y), reach)
    assert seen is None or max(map(abs, seen)) <= 1
