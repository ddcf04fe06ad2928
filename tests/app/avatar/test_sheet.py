"""The contact sheet: which face is in which picture, and the picture itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.avatar.description import ModelDescription, Range
from app.avatar.expression import Change, Expression
from app.avatar.mouth import MouthShape
from app.avatar.sheet import EMOTIONS, MOUTHS, SIDES, face
from tests.support.avatar_command import avatar_command
from tests.support.stage import pixels

DESCRIPTION = ModelDescription(
    parameters={
        "ParamAngleX": Range(-30.0, 0.0, 30.0),
        "ParamMouthOpenY": Range(0.0, 0.0, 1.0),
        "ParamMouthForm": Range(-1.0, 0.0, 1.0),
        "ParamCheek": Range(0.0, 0.0, 1.0),
    },
    expressions={"happy": Expression({"ParamCheek": Change(0.8), "ParamTail": Change(1.0)})},
    motions={},
)


def test_head_turns_and_only_that() -> None:
    turned = [face(DESCRIPTION, "calm", side, None) for side in SIDES]
    assert [pose.pop("ParamAngleX") for pose in turned] == [-30.0, 0.0, 30.0]
    assert turned[0] == turned[1] == turned[2]


def test_expression_is_laid_on_where_the_model_has_the_parameter() -> None:
    assert face(DESCRIPTION, "happy", "front", None)["ParamCheek"] == 0.8
    assert face(DESCRIPTION, "sad", "front", None)["ParamCheek"] == 0.0
    assert "ParamTail" not in face(DESCRIPTION, "happy", "front", None)


def test_mouth_has_arrived_at_its_shape() -> None:
    pose = face(DESCRIPTION, "calm", "front", MouthShape(0.75, -0.65))
    assert pose["ParamMouthOpenY"] == pytest.approx(0.75, abs=1e-3)
    assert pose["ParamMouthForm"] == pytest.approx(-0.65, abs=1e-3)


def test_sheet(rio: Path, qapp: QApplication, tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    done = avatar_command("sheet", out, "--model", rio)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{out}: 126 pictures\n", "live2d's greeting must not be among the results"
    rows = np.split(pixels(QImage(str(out)))[..., :3], len(EMOTIONS), axis=0)
    tiles = [tile for row in rows for tile in np.split(row, len(SIDES) * len(MOUTHS), axis=1)]
    assert len({tile[18:].tobytes() for tile in tiles}) > 90, "closed and silent may look the same"
    assert all(tile[18:].std() > 20 for tile in tiles)


def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    done = avatar_command("sheet", tmp_path / "sheet.png")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The avatar cannot be drawn: there is no display with OpenGL here.")
    assert done.stderr.count("\n") == 1


def test_missing_model_is_one_sentence(qapp: QApplication, tmp_path: Path) -> None:
    done = avatar_command("sheet", tmp_path / "sheet.png", "--model", tmp_path / "none.model3.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "none.model3.json" in done.stderr
    assert done.stderr.count("\n") == 1


def test_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = avatar_command("sheet", tmp_path / "no such folder" / "sheet.png")
    assert done.returncode == 1
    assert done.stderr.endswith("Name a .png in a folder you may write to.\n")
    assert done.stderr.count("\n") == 1
