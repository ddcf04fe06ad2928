import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.motion import DEFAULT_FADE_S, Motion, parse_motion
from tests.support.acting import motion_file

_LINEAR, _BEZIER, _STEPPED, _INVERSE = range(4)


def motion(*segments: float, seconds: float = 2.0, restricted: bool = True) -> Motion:
    return parse_motion(motion_file(seconds, restricted=restricted, A=segments))


def value(motion: Motion, seconds: float) -> float:
    return motion.at(seconds)["A"]


@pytest.mark.parametrize(
    ("segments", "values"),
    [
        ((0, 1, _LINEAR, 2, 3), {-1: 1, 0: 1, 0.5: 1.5, 1: 2, 2: 3, 9: 3}),
        ((0, 1, _STEPPED, 2, 3), {0: 1, 1.99: 1, 2: 3}),
        ((0, 1, _INVERSE, 2, 3), {0.01: 3, 1.99: 3, 2: 3}),
        ((0, 0, _BEZIER, 2 / 3, 0, 4 / 3, 1, 2, 1), {0: 0, 0.5: 0.15625, 1: 0.5, 1.5: 0.84375, 2: 1}),
        ((0.5, 4, _LINEAR, 1, 2), {0: 4, 0.75: 3, 1.5: 2}),
        ((0, 1, _LINEAR, 1, 3, _STEPPED, 2, 5), {0.5: 2, 1: 3, 1.5: 3, 2: 5}),
        ((0, 7), {0: 7, 1: 7}),
    ],
)
def test_each_kind_of_segment(segments: tuple[float, ...], values: dict[float, float]):
    made = motion(*segments)
    assert {seconds: value(made, seconds) for seconds in values} == pytest.approx(values)


def test_handles_of_unrestricted_beziers_bend_time():
    handles = (0, 0, _BEZIER, 2, 0, 2, 1, 2, 1)  # slow first: at u = 1/2 seven eighths of the time are over
    assert value(motion(*handles, restricted=False), 1.75) == pytest.approx(0.5, abs=1e-4)
    assert value(motion(*handles), 1.75) > 0.9


@given(u=st.floats(0, 1), first=st.floats(-1, 3), second=st.floats(-1, 3))
def test_unrestricted_beziers_never_go_back(u: float, first: float, second: float):
    made = motion(0, 0, _BEZIER, first, 0, second, 1, 2, 1, restricted=False)
    assert -1e-9 <= value(made, 2 * u) <= value(made, min(2.0, 2 * u + 0.1)) + 1e-3
    assert value(made, 2 * u) <= 1 + 1e-9


def test_restricted_is_the_unrestricted_curve_with_handles_at_the_thirds():
    thirds = (0, 0, _BEZIER, 2 / 3, 2, 4 / 3, -1, 2, 1)
    for seconds in (0.1, 0.7, 1.0, 1.9):
        free = value(motion(*thirds, restricted=False), seconds)
        assert value(motion(*thirds), seconds) == pytest.approx(free, abs=1e-3)


def test_only_curves_of_parameters_count():
    data = json.loads(motion_file(1, A=(0, 1)))
    data["Curves"] += [
        {"Target": target, "Id": "B", "Segments": [0, 1]} for target in ("Model", "PartOpacity")
    ]
    assert parse_motion(json.dumps(data).encode()).at(0) == {"A": 1}


def test_fades_of_the_model_go_before_those_of_the_file():
    data = json.loads(motion_file(1, A=(0, 1)))
    plain = parse_motion(json.dumps(data).encode())
    assert (plain.fade_in, plain.fade_out) == (DEFAULT_FADE_S, DEFAULT_FADE_S)
    data["Meta"] |= {"FadeInTime": 0.3, "FadeOutTime": -1.0}
    own = parse_motion(json.dumps(data).encode(), None, 0.7)
    assert (own.fade_in, own.fade_out) == (0.3, 0.7)
    assert parse_motion(json.dumps(data).encode()).fade_out == DEFAULT_FADE_S


@pytest.mark.parametrize(
    "segments",
    [(), (0,), (0, 1, 9, 1, 1), (0, 1, 0.5, 1, 1), (0, 1, _LINEAR, 1), (0, 1, _BEZIER, 1, 1, 1, 1, 1),
     (1, 0, _LINEAR, 0.5, 1)],
)  # fmt: skip
def test_a_broken_curve_is_refused(segments: tuple[float, ...]):
    with pytest.raises(ValueError, match=r"The motion's curve of A"):
        motion(*segments)


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"Meta": {}}', b'{"Meta": {"Duration": 0}}', b'{"Meta": {"Duration": 1e999}}'],
)
def test_what_is_no_motion_is_refused(data: bytes):
    with pytest.raises(ValueError, match="motion"):
        parse_motion(data)


@given(
    numbers=st.lists(st.sampled_from([0, 1, 2, 3, 0.5, -1, 4, 1e308]) | st.floats(0, 5), max_size=24),
    restricted=st.booleans(),
    seconds=st.floats(-1, 9),
)
def test_no_numbers_break_it(numbers: list[float], restricted: bool, seconds: float):
    try:
        made = motion(*numbers, restricted=restricted)
    except ValueError:
        return
    if max(map(abs, numbers)) < 1e6:
        assert math.isfinite(value(made, seconds))
