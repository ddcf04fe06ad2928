"""Counts are counted, and every output has its vertex."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.avatar.opening.physics import parse_physics
from app.avatar.opening.refused import ModelRefused
from tests.support.avatar import write_whole


@pytest.fixture
def physics(tmp_path: Path) -> dict[str, Any]:
    write_whole(tmp_path)
    return json.loads((tmp_path / "hair.physics3.json").read_text())


def test_counts_are_not_believed(physics: dict[str, Any]) -> None:
    physics["Meta"] |= {"VertexCount": 0, "TotalInputCount": 99, "PhysicsDictionary": []}
    physics["PhysicsSettings"] *= 2
    meta = parse_physics(json.dumps(physics).encode(), "a").meta
    assert (meta.physics_setting_count, meta.total_input_count, meta.total_output_count) == (2, 2, 2)
    assert meta.vertex_count == 4
    assert [entry.id for entry in meta.physics_dictionary] == ["Hair", "Hair"]


@pytest.mark.parametrize("vertex", [-1, 0, 2])
def test_an_output_needs_a_vertex_with_one_before_it(physics: dict[str, Any], vertex: int) -> None:
    physics["PhysicsSettings"][0]["Output"][0]["VertexIndex"] = vertex
    with pytest.raises(ModelRefused, match="Hair moves by a vertex it lacks"):
        parse_physics(json.dumps(physics).encode(), "hair.physics3.json")


def test_steps_so_short_that_they_would_never_end_are_refused(physics: dict[str, Any]) -> None:
    physics["Meta"]["Fps"] = 1e6
    with pytest.raises(ModelRefused, match="Fps"):
        parse_physics(json.dumps(physics).encode(), "hair.physics3.json")
