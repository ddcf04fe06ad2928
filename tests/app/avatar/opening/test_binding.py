"""A model under the names the companion knows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.avatar.opening.binding import MODEL, bound_files
from app.avatar.opening.bindings import Bindings
from app.avatar.opening.reading import OpenedModel, read_model
from app.avatar.opening.source import opened
from tests.support.avatar import ask_core, write_whole

BINDINGS = Bindings(
    expressions={"happy": "smile"},
    motions={"Greeting": ["Idle"], "Happy": ["nod.motion3.json"]},
    areas={"Head": "Head", "Body": "Square"},
    parameters={"ParamMouthOpenY": "ParamCheek", "ParamAngleZ": "ParamAngleX"},
)


@pytest.fixture
def model(tmp_path: Path) -> OpenedModel:
    with opened(write_whole(tmp_path / "original")) as source:
        return read_model(source)


def test_expressions_motions_and_areas_have_the_names_they_are_bound_to(model: OpenedModel) -> None:
    files = bound_files(model, BINDINGS)
    written = json.loads(files[MODEL])
    references = written["FileReferences"]
    assert references["Expressions"] == [{"Name": "happy", "File": "expressions/happy.exp3.json"}]
    assert {group: [one["File"] for one in some] for group, some in references["Motions"].items()} == {
        "Greeting": ["motions/Greeting_0.motion3.json"],
        "Happy": ["motions/Happy_0.motion3.json"],
    }
    assert written["HitAreas"] == [{"Id": "Square", "Name": "Head"}, {"Id": "Square", "Name": "Body"}]


def test_parameters_are_renamed_in_every_file(model: OpenedModel) -> None:
    files = bound_files(model, BINDINGS)
    text = b"".join(data for name, data in files.items() if not name.endswith(".png"))
    assert b"ParamCheek" not in text
    assert b"ParamAngleX" not in text
    assert json.loads(files[MODEL])["Groups"][1]["Ids"] == ["ParamMouthOpenY"]
    assert json.loads(files["expressions/happy.exp3.json"])["Parameters"][0]["Id"] == "ParamMouthOpenY"


def test_no_float_is_written_with_an_exponent(tmp_path: Path) -> None:
    path = write_whole(tmp_path)
    motion = tmp_path / "nod.motion3.json"
    motion.write_text(motion.read_text().replace("30.0", "1e-5"))
    with opened(path) as source:
        files = bound_files(read_model(source), BINDINGS)
    text = files["motions/Happy_0.motion3.json"]
    assert not re.search(rb"\d[eE][-+]?\d", text)
    assert text.count(b"\n") > 20


def test_every_file_named_is_there_and_none_besides(model: OpenedModel) -> None:
    files = bound_files(model, BINDINGS)
    named = set(re.findall(rb'"([^"]+\.(?:json|png|moc3))"', files[MODEL]))
    assert {name.encode() for name in files} == named | {MODEL.encode()}


def test_what_is_bound_to_nothing_is_left_out(model: OpenedModel) -> None:
    assert set(bound_files(model, Bindings())) == {
        MODEL,
        "avatar.moc3",
        "avatar.physics3.json",
        "textures/0.png",
    }


def test_the_core_reads_it_by_the_new_names(model: OpenedModel, tmp_path: Path) -> None:
    for name, data in bound_files(model, BINDINGS).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    question = "[model.GetExpressions(), model.GetMotionGroups(), model.GetParamIds()]"
    assert ask_core(question, [tmp_path / MODEL]) == [
        [["happy"], {"Greeting": 1, "Happy": 1}, ["ParamAngleZ", "ParamMouthOpenY", "ParamHairFront"]]
    ]
