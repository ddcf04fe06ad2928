import json
from pathlib import Path

import pytest

from app.avatar.description import EYES, LIPS, describe
from app.avatar.expression import Change
from tests.support.acting import RANGES, expression_file, motion_file


def model_in(folder: Path, **fields: object) -> Path:
    (folder / "happy.exp3.json").write_bytes(expression_file(ParamCheek=(1, "Add")))
    (folder / "idle.motion3.json").write_bytes(motion_file(4, ParamAngleX=(0, 0, 0, 4, 8)))
    model = {
        "Version": 3,
        "FileReferences": {
            "Moc": "a.moc3",
            "Expressions": [{"Name": "happy", "File": "happy.exp3.json"}],
            "Motions": {"Idle": [{"File": "idle.motion3.json", "FadeInTime": 1.5}]},
        },
        "Groups": [
            {"Target": "Parameter", "Name": "EyeBlink", "Ids": ["EyeA"]},
            {"Target": "Parameter", "Name": "LipSync", "Ids": ["MouthA", "MouthB"]},
        ],
        **fields,
    }
    path = folder / "a.model3.json"
    path.write_text(json.dumps(model), encoding="utf-8-sig")
    return path


def test_a_model_is_described_from_its_files(tmp_path: Path):
    made = describe(model_in(tmp_path), RANGES)
    assert made.parameters == RANGES
    assert made.expressions["happy"].changes == {"ParamCheek": Change(1.0)}
    (idle,) = made.motions["Idle"]
    assert (idle.seconds, idle.fade_in, idle.at(2)) == (4.0, 1.5, {"ParamAngleX": 4.0})
    assert (made.eye_blink, made.lip_sync) == (("EyeA",), ("MouthA", "MouthB"))


def test_a_model_that_names_no_eyes_and_lips_has_the_standard_ones(tmp_path: Path):
    made = describe(model_in(tmp_path, Groups=[{"Name": "EyeBlink"}]), RANGES)
    assert (made.eye_blink, made.lip_sync) == (EYES, LIPS)


def test_a_broken_part_is_named(tmp_path: Path):
    model = model_in(tmp_path)
    (tmp_path / "idle.motion3.json").write_text("{}")
    with pytest.raises(ValueError, match=r"idle\.motion3\.json: This is not a motion"):
        describe(model, RANGES)
    (tmp_path / "happy.exp3.json").unlink()
    with pytest.raises(FileNotFoundError):
        describe(model, RANGES)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"FileReferences": {"Motions": []}}'])
def test_what_is_no_model_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "a.model3.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"a\.model3\.json does not describe"):
        describe(path, RANGES)
