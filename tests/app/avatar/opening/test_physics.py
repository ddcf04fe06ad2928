"""Counts are counted, and every output has its vertex."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.avatar.opening.physics import Physics, fitted, parse_physics
from app.avatar.opening.refused import ModelRefused
from tests.support.avatar import write_whole


@pytest.fixture
def physics(tmp_path: Path) -> dict[str, Any]:
    write_whole(tmp_path)
    return json.loads((tmp_path / "hair.physics3.json").read_text())


def fit(physics: dict[str, Any], names: dict[str, str]) -> Physics:
    return fitted(parse_physics(json.dumps(physics).encode(), "a"), names, {"ParamAngleX", "ParamHairFront"})


def test_counts_are_not_believed(physics: dict[str, Any]) -> None:
    physics["Meta"] |= {"VertexCount": 0, "TotalInputCount": 99, "PhysicsDictionary": []}
    physics["PhysicsSettings"] *= 2
    meta = fit(physics, {}).meta
    assert (meta.physics_setting_count, meta.total_input_count, meta.total_output_count) == (2, 2, 2)
    assert meta.vertex_count == 4
    assert [entry.id for entry in meta.physics_dictionary] == ["Hair", "Hair"]


def test_what_has_to_do_with_parameters_that_are_not_there_is_left_out(physics: dict[str, Any]) -> None:
    setting = physics["PhysicsSettings"][0]
    other = {**setting["Input"][0], "Source": {"Target": "Parameter", "Id": "Nothing"}}
    setting["Input"].insert(0, other)
    left = fit(physics, {})
    assert [one.source.id for one in left.physics_settings[0].input] == ["ParamAngleX"]
    assert left.meta.total_input_count == 1
    setting["Output"][0]["Destination"]["Id"] = "Nothing"
    assert fit(physics, {}).physics_settings == []


def test_parameters_are_renamed(physics: dict[str, Any]) -> None:
    setting = physics["PhysicsSettings"][0]
    setting["Input"][0]["Source"]["Id"] = "PARAM_ANGLE_X"
    left = fit(physics, {"PARAM_ANGLE_X": "ParamAngleX"}).physics_settings[0]
    assert left.input[0].source.id == "ParamAngleX"
    assert left.output[0].destination.id == "ParamHairFront"


@pytest.mark.parametrize("vertex", [-1, 0, 2])
def test_an_output_needs_a_vertex_with_one_before_it(physics: dict[str, Any], vertex: int) -> None:
    physics["PhysicsSettings"][0]["Output"][0]["VertexIndex"] = vertex
    with pytest.raises(ModelRefused, match="Hair moves by a vertex it lacks"):
        parse_physics(json.dumps(physics).encode(), "hair.physics3.json")


def test_steps_so_short_that_they_would_never_end_are_refused(physics: dict[str, Any]) -> None:
    physics["Meta"]["Fps"] = 1e6
    with pytest.raises(ModelRefused, match="Fps"):
        parse_physics(json.dumps(physics).encode(), "hair.physics3.json")
