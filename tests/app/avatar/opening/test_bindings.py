"""avatar.toml: what is written is read back, and what is wrong is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening.bindings import EMOTIONS, Bindings, Names, read_bindings, write_bindings
from app.avatar.opening.refused import ModelRefused

NAMES = Names(
    expressions=("F01", "开心"),
    groups=("Idle", ""),
    motion_files=("motions/a.motion3.json",),
    areas=("Face",),
    meshes=("ArtMesh1",),
    parameters=("PARAM_ANGLE_X", "PARAM_CHEEK", "ParamAngleY"),
)
BINDINGS = Bindings(
    expressions={"happy": "开心", "calm": "F01"},
    motions={"Idle": ["Idle", ""], "Happy": ["motions/a.motion3.json"]},
    areas={"Head": "Face", "Body": "ArtMesh1"},
    parameters={"ParamAngleX": "PARAM_ANGLE_X"},
)


def test_what_is_written_is_read_back() -> None:
    assert read_bindings(write_bindings(BINDINGS, NAMES), NAMES) == BINDINGS


def test_what_is_not_bound_stands_there_as_a_comment() -> None:
    text = write_bindings(Bindings(), NAMES)
    assert "# angry =\n" in text
    assert '# the model has: "F01", "开心"\n' in text
    assert "# ParamAngleY" not in text
    assert read_bindings(text, NAMES) == Bindings()


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_name_can_be_written(name: str) -> None:
    names = Names(expressions=(name,), groups=(), motion_files=(), areas=(), meshes=(), parameters=())
    bindings = Bindings(expressions={EMOTIONS[0]: name})
    assert read_bindings(write_bindings(bindings, names), names) == bindings


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("happy", "Correct avatar.toml"),
        ("[faces]", "unknown field `faces`"),
        ("[expressions]\nhappy = 1", "Expected `str`"),
        ("[expressions]\nglad = 'F01'", "glad in [expressions] is none of happy, "),
        ("[expressions]\nhappy = 'F02'", "names 'F02', which the model does not have"),
        ("[motions]\nIdle = ['b']", "names 'b'"),
        ("[areas]\nHead = 'Hat'", "names 'Hat'"),
        ("[parameters]\nParamAngleX = 'X'", "names 'X'"),
        ("[parameters]\nParamAngleY = 'PARAM_ANGLE_X'", "is an id the model has itself"),
        ("[parameters]\nParamAngleX = 'PARAM_CHEEK'\nParamCheek = 'PARAM_CHEEK'", "as another entry does"),
    ],
)
def test_what_is_wrong_is_named(text: str, what: str) -> None:
    with pytest.raises(ModelRefused) as refusal:
        read_bindings(text, NAMES)
    assert refusal.value.code == "bad-bindings"
    assert what in refusal.value.message
