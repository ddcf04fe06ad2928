"""The JSON files as the core needs them: their form, their counts, and that the core follows them."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.avatar import files
from assets.avatar.files import Force, Link, Pendulum, Swing, write_expression, write_model3, write_motion
from tests.support.avatar import ask_core, write_whole

FOLLOWED = """(
    model.SetAutoBlink(False), model.SetAutoBreath(False),
    [(model.Update(0.1), model.GetParamValueById({!r}))[1] for step in range({})],
)[-1]"""


def follow(path: Path, parameter: str, steps: int) -> list[float]:
    """The values of a parameter while the first idle motion plays, ten a second."""
    question = "(model.StartMotion('Idle', 0), " + FOLLOWED.format(parameter, steps) + ")[-1]"
    (values,) = ask_core(question, [path])
    return values


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_whole(tmp_path_factory.mktemp("whole"))


def test_every_file_is_of_the_form_the_parser_can_read(whole: Path) -> None:
    written = sorted(whole.parent.glob("*.json"))
    assert len(written) == 4
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") > 5
        assert "\\u" not in text
        assert not re.search(r"\d[eE][-+]?\d|NaN|Infinity|-0\.0\b", text)


def test_the_same_values_give_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    again = write_whole(tmp_path).parent
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in whole.parent.iterdir()
    }


def test_the_core_knows_the_model_by_what_was_written(whole: Path) -> None:
    (answer,) = ask_core("[model.GetMotionGroups(), model.GetExpressions()]", [whole])
    assert answer == [{"Idle": 1}, ["smile"]]


def test_the_core_plays_the_motion(whole: Path) -> None:
    values = follow(whole, "ParamAngleX", 20)
    assert max(values) == pytest.approx(30, abs=1)
    assert values.index(max(values)) in range(9, 12)
    assert values[-1] < 10


def test_the_core_swings_the_pendulum(whole: Path) -> None:
    """At first it stays behind."""
    values = follow(whole, "ParamHairFront", 20)
    assert min(values[:10]) < -0.1
    assert max(values[:10]) < 0.1


def test_the_core_wears_the_expression(whole: Path) -> None:
    (values,) = ask_core(
        "(model.SetExpression('smile'), " + FOLLOWED.format("ParamCheek", 10) + ")[-1]", [whole]
    )
    assert values[-1] == pytest.approx(0.5)


def test_a_file_that_is_not_there_is_not_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"rio\.moc3"):
        write_model3(
            tmp_path,
            "rio",
            textures=[],
            expressions={},
            motions={},
            physics=None,
            eye_blink=[],
            lip_sync=[],
            hit_areas={},
        )


def segments(tmp_path: Path, curve: list[tuple[float, float]], *, loop: bool = False) -> list[float]:
    path = tmp_path / "nod.motion3.json"
    write_motion(path, curve[-1][0], {"ParamAngleX": curve}, loop)
    motion = json.loads(path.read_text())
    numbers = motion["Curves"][0]["Segments"]
    beziers = (len(numbers) - 2) // 7
    meta = motion["Meta"]
    assert (meta["CurveCount"], meta["TotalSegmentCount"], meta["TotalPointCount"]) == (
        1,
        beziers,
        1 + 3 * beziers,
    )
    return numbers


def test_a_curve_passes_through_its_points(tmp_path: Path) -> None:
    numbers = segments(tmp_path, [(0, 0), (0.3, 3), (0.9, 3)])
    assert numbers == [0, 0, 1, 0.1, 0.0, 0.2, 3.0, 0.3, 3, 1, 0.5, 3.0, 0.7, 3.0, 0.9, 3]


def test_a_single_point_is_held_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "hold.motion3.json"
    write_motion(path, 2, {"ParamAngleX": [(0, 5)]}, loop=False)
    motion = json.loads(path.read_text())
    assert motion["Curves"][0]["Segments"][-2:] == [2, 5]
    assert (motion["Meta"]["TotalSegmentCount"], motion["Meta"]["TotalPointCount"]) == (1, 4)


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=6))
def test_a_curve_never_overshoots_its_points(
    tmp_path_factory: pytest.TempPathFactory, values: list[float]
) -> None:
    curve = [(float(second), value) for second, value in enumerate(values)]
    numbers = segments(tmp_path_factory.mktemp("curve"), curve)
    for index, (before, after) in enumerate(pairwise(values)):
        handles = numbers[2 + 7 * index :][2:5:2]
        assert all(min(before, after) - 1e-3 <= value <= max(before, after) + 1e-3 for value in handles)


def test_a_loop_goes_on_at_the_slope_it_ended_with(tmp_path: Path) -> None:
    numbers = segments(tmp_path, [(0, 0), (1, 3), (3, -3), (4, 0)], loop=True)
    start, end = numbers[4] / (1 / 3), (numbers[-1] - numbers[-3]) / (1 / 3)
    assert start == pytest.approx(end, abs=1e-2)
    assert start > 0


@pytest.mark.parametrize("curve", [[], [(0, 0), (0, 1)], [(1, 0), (0, 1)], [(-1, 0)], [(0, 0), (3, 1)]])
def test_times_that_make_no_curve_are_refused(tmp_path: Path, curve: list[tuple[float, float]]) -> None:
    with pytest.raises(ValueError, match="ParamAngleX"):
        write_motion(tmp_path / "nod.motion3.json", 2, {"ParamAngleX": curve}, loop=False)


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_expression(tmp_path / "odd.exp3.json", {"ParamCheek": (float("nan"), "Add")})


def test_physics_count_what_they_hold(tmp_path: Path) -> None:
    path = tmp_path / "hair.physics3.json"
    force, swing = Force("ParamAngleX", 60, "X"), Swing("ParamHairFront", 2)
    files.write_physics(
        path,
        [
            Pendulum("Front", (force,), (swing,), (Link(7),)),
            Pendulum("Back", (force, force), (swing, Swing("ParamHairBack", 1, link=2)), (Link(7), Link(5))),
        ],
    )
    physics = json.loads(path.read_text())
    meta = physics["Meta"]
    assert (meta["PhysicsSettingCount"], meta["TotalInputCount"], meta["TotalOutputCount"]) == (2, 3, 3)
    assert meta["VertexCount"] == 5
    assert [vertex["Position"]["Y"] for vertex in physics["PhysicsSettings"][1]["Vertices"]] == [0, 7, 12]
