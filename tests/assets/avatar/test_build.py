"""The built model: the same bytes every time, all that is promised in it, and the core takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assets.avatar.build import HIT_AREAS, atlas, build, model
from assets.avatar.moc3.check import check
from assets.avatar.moc3.model import Model
from assets.avatar.rig.parameters import PARAMETERS
from tests.support.avatar import ask_core

RANGES = {
    (-30, 0, 30): "AngleX AngleY AngleZ",
    (-10, 0, 10): "BodyAngleX BodyAngleY BodyAngleZ ArmLA ArmRA ArmLB ArmRB HandL HandR ShoulderY",
    (-1, 0, 1): "EyeBallX EyeBallY BrowLY BrowRY BrowLX BrowRX BrowLAngle BrowRAngle BrowLForm BrowRForm"
    " MouthForm HairFront HairSide HairBack",
    (0, 0, 1): "MouthOpenY Cheek Breath EyeLSmile EyeRSmile",
    (0, 1, 1.2): "EyeLOpen EyeROpen",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("rio"))


@pytest.fixture(scope="module")
def rio() -> Model:
    return model(atlas())


def test_every_run_writes_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build(tmp_path)
    files = [path.relative_to(tmp_path) for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    assert len(files) > 25
    for file in files:
        assert (tmp_path / file).read_bytes() == (built.parent / file).read_bytes(), file


def test_the_model_has_no_fault(rio: Model) -> None:
    assert check(rio) == []


@pytest.mark.parametrize(("limits", "names"), RANGES.items())
def test_the_promised_parameters_are_there(rio: Model, limits: tuple[float, ...], names: str) -> None:
    found = {each.id: (each.minimum, each.default, each.maximum) for each in rio.parameters}
    assert all(found["Param" + name] == limits for name in names.split())


def test_every_parameter_moves_something(rio: Model) -> None:
    followed = {axis.parameter for each in (*rio.deformers, *rio.meshes) for axis in each.axes}
    assert {parameter.id for parameter in rio.parameters} == followed


def test_no_keyform_of_a_parameter_is_like_all_others(rio: Model) -> None:
    """A mesh with axes changes its points or its opacity along them."""
    for mesh in rio.meshes:
        if mesh.axes:
            same = all((form == mesh.keyforms[0]).all() for form in mesh.keyforms)
            assert not same or len(set(mesh.opacities or ())) > 1, mesh.id


def test_raised_arms_come_before_all_else(rio: Model) -> None:
    raised = ("HandRelaxed", "HandOpen", "HandPointing", "Forearm", "Elbow")
    arms = [mesh.draw_order for mesh in rio.meshes if mesh.id.startswith(raised)]
    others = [mesh.draw_order for mesh in rio.meshes if not mesh.id.startswith(raised)]
    assert min(arms) > max(others)


def test_the_core_takes_it(built: Path) -> None:
    ((consistent, parameters),) = ask_core(
        "(model.HasMocConsistencyFromFile('rio.moc3'), model.GetParamIds())", [built]
    )
    assert consistent
    assert parameters == [parameter.id for parameter in PARAMETERS]


def test_the_files_name_expressions_motions_and_areas(built: Path) -> None:
    content = json.loads(built.read_text(encoding="utf-8"))
    assert {each["Name"] for each in content["FileReferences"]["Expressions"]} == set(
        "happy angry sad surprised coquettish calm".split()
    )
    assert len(content["FileReferences"]["Motions"]["Idle"]) >= 4
    assert {area["Name"]: area["Id"] for area in content["HitAreas"]} == HIT_AREAS
