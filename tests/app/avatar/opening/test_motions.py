"""Counts are counted, and curves come to their end."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening.motions import Motion, parse_motion
from app.avatar.opening.refused import ModelRefused


def motion(*curves: list[float], duration: float = 2) -> Motion:
    content = {
        "Version": 3,
        "Meta": {"Duration": duration, "CurveCount": 77, "TotalPointCount": -1},
        "Curves": [{"Target": "Parameter", "Id": "A", "Segments": list(curve)} for curve in curves],
    }
    return parse_motion(json.dumps(content).encode(), "nod.motion3.json")


def counts(parsed: Motion) -> tuple[int, int, int]:
    return parsed.meta.curve_count, parsed.meta.total_segment_count, parsed.meta.total_point_count


def test_a_point_for_the_start_of_each_curve_and_those_of_its_segments() -> None:
    linear, bezier, stepped = [0, 0, 0, 1, 1], [0, 0, 1, 0.3, 0, 0.6, 1, 1, 1], [0, 0, 2, 1, 1, 3, 2, 0]
    assert counts(motion()) == (0, 0, 0)
    assert counts(motion(linear)) == (1, 1, 2)
    assert counts(motion(bezier)) == (1, 1, 4)
    assert counts(motion(linear, bezier, stepped)) == (3, 4, 9)


def test_a_curve_of_one_point_gets_a_segment_that_holds_it() -> None:
    parsed = motion([0.5, 7], duration=2)
    assert parsed.curves[0].segments == [0.5, 7, 0, 2, 7]
    assert counts(parsed) == (1, 1, 2)


@pytest.mark.parametrize(
    ("curve", "what"),
    [
        ([], "is empty"),
        ([0], "is empty"),
        ([0, 0, 0, 1], "ends amid"),
        ([0, 0, 1, 1, 1, 1, 1], "ends amid"),
        ([0, 0, 4, 1, 1], "has a segment of an unknown kind"),
        ([0, 0, 0.5, 1, 1], "has a segment of an unknown kind"),
        ([1, 0, 0, 0.5, 1], "goes back"),
    ],
)
def test_a_curve_that_is_none(curve: list[float], what: str) -> None:
    with pytest.raises(ModelRefused, match=rf"nod\.motion3\.json is damaged: its curve of A {what}"):
        motion(curve)


@pytest.mark.parametrize("duration", [0, -1, 1e6])
def test_a_duration_that_is_none(duration: float) -> None:
    with pytest.raises(ModelRefused):
        motion(duration=duration)


@given(st.lists(st.floats(-2, 4), max_size=30))
def test_any_numbers_are_a_curve_or_refused(numbers: list[float]) -> None:
    with contextlib.suppress(ModelRefused):
        assert motion(numbers).meta.curve_count == 1
