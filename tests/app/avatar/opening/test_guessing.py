"""What names suggest, in two languages; and what faces look like."""

from __future__ import annotations

import pytest

from app.avatar.opening.bindings import Names
from app.avatar.opening.formats import Change, Expression
from app.avatar.opening.guessing import guess

NONE = Names(expressions=(), groups=(), motion_files=(), areas=(), meshes=(), parameters=())


def expressions(**faces: dict[str, float]) -> dict[str, Expression]:
    return {
        name: Expression(parameters=[Change(id=one, value=value) for one, value in face.items()])
        for name, face in faces.items()
    }


def emotions_of(*names: str) -> dict[str, str]:
    faces = expressions(**{name: {"ParamOdd": 1.0} for name in names})
    return guess(NONE._replace(expressions=names), faces).expressions


def motions_of(*groups: str, files: tuple[str, ...] = ()) -> dict[str, list[str]]:
    return guess(NONE._replace(groups=groups, motion_files=files), {}).motions


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("smile", "happy"),
        ("exp_Joy01", "happy"),
        ("开心", "happy"),
        ("f02_ANGRY", "angry"),
        ("生气脸", "angry"),
        ("MadFace", "angry"),
        ("Crying", "sad"),
        ("悲伤", "sad"),
        ("surprised2", "surprised"),
        ("惊讶", "surprised"),
        ("害羞", "coquettish"),
        ("Normal", "calm"),
    ],
)
def test_the_name_of_an_expression_tells_the_emotion(name: str, emotion: str) -> None:
    assert emotions_of(name) == {emotion: name}


@pytest.mark.parametrize("name", ["madrid", "F01", "glasses", "hat off"])
def test_a_word_within_a_word_tells_nothing(name: str) -> None:
    assert emotions_of(name) == {}


@pytest.mark.parametrize(
    ("face", "emotion"),
    [
        ({}, "calm"),
        ({"ParamMouthForm": 1, "ParamEyeLSmile": 1}, "happy"),
        ({"ParamBrowLAngle": -1, "ParamBrowRAngle": -1, "ParamMouthForm": -1}, "angry"),
        ({"ParamMouthForm": -1, "ParamBrowLAngle": 0.8}, "sad"),
        ({"ParamEyeLOpen": 0.2, "ParamMouthForm": 1}, "surprised"),
        ({"ParamCheek": 1, "ParamMouthForm": 0.5}, "coquettish"),
    ],
)
def test_where_the_name_tells_nothing_the_look_does(face: dict[str, float], emotion: str) -> None:
    faces = expressions(F01=face)
    assert guess(NONE._replace(expressions=("F01",)), faces).expressions == {emotion: "F01"}


def test_eyes_are_wide_when_they_are_multiplied_by_more_than_one() -> None:
    for value, expected in ((1.2, {"surprised": "F01"}), (0.7, {})):
        change = Change(id="ParamEyeLOpen", value=value, blend="Multiply")
        names = NONE._replace(expressions=("F01",))
        assert guess(names, {"F01": Expression(parameters=[change])}).expressions == expected


def test_the_look_is_seen_through_names_of_cubism_2() -> None:
    faces = expressions(F01={"PARAM_MOUTH_FORM": 1.0})
    names = NONE._replace(expressions=("F01",), parameters=("PARAM_MOUTH_FORM",))
    assert guess(names, faces).expressions == {"happy": "F01"}


def test_a_name_goes_before_a_look() -> None:
    faces = expressions(F01={"ParamMouthForm": 1.0}, smile={})
    assert guess(NONE._replace(expressions=("F01", "smile")), faces).expressions == {"happy": "smile"}


def test_groups_of_motions_by_their_names() -> None:
    assert motions_of("Idle", "TapHead", "TapBody", "打招呼", "Other") == {
        "Idle": ["Idle"],
        "Greeting": ["打招呼"],
        "TouchHead": ["TapHead"],
        "TouchBody": ["TapBody"],
    }


def test_motions_of_a_nameless_group_by_their_files() -> None:
    files = ("motions/idle_01.motion3.json", "motions\\idle_02.motion3.json", "sleep/happy.motion3.json")
    assert motions_of("", files=files) == {"Idle": [*files[:2]], "Happy": [files[2]]}


def test_areas_and_parameters() -> None:
    ids = ("PARAM_ANGLE_X", "ParamAngleY", "PARAM_ANGLE_Y", "PARAM_TERE", "Param12")
    bindings = guess(NONE._replace(areas=("Face", "Body", "HandL"), parameters=ids), {})
    assert bindings.areas == {"Head": "Face", "Body": "Body", "HandL": "HandL"}
    assert bindings.parameters == {"ParamAngleX": "PARAM_ANGLE_X", "ParamCheek": "PARAM_TERE"}
