"""All files of a model, within the limits of all together."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.avatar.opening import reading
from app.avatar.opening.reading import OpenedModel, read_model
from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.source import opened
from tests.support.avatar import write_whole


def read(path: Path) -> OpenedModel:
    with opened(path) as source:
        return read_model(source)


def test_every_file_the_model_names_is_read(tmp_path: Path) -> None:
    model = read(write_whole(tmp_path))
    assert list(model.expressions) == ["smile"]
    assert [len(motions) for motions in model.motions.values()] == [1]
    assert model.physics is not None
    assert model.pose is None
    assert len(model.textures) == 1
    assert model.moc.meshes == ("Square",)


def test_a_pose_is_read(tmp_path: Path) -> None:
    path = write_whole(tmp_path)
    (tmp_path / "rio.pose3.json").write_text('{"Type": "Live2D Pose", "Groups": [[{"Id": "Part"}]]}')
    path.write_text(path.read_text().replace('"Physics":', '"Pose": "rio.pose3.json", "Physics":'))
    pose = read(path).pose
    assert pose is not None
    assert pose.groups[0][0].id == "Part"


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    first, second = read(write_whole(tmp_path / "a")), read(write_whole(tmp_path / "b"))
    assert first.digest == second.digest
    (tmp_path / "b" / "smile.exp3.json").write_text("{}")
    assert read(tmp_path / "b").digest != first.digest


@pytest.mark.parametrize(("limit", "what"), [("MOST_PIXELS", "too many pixels"), ("MOST_ALL", "of files")])
def test_too_much_together(limit: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, limit, 100)
    with pytest.raises(ModelRefused, match=what) as refusal:
        read(write_whole(tmp_path))
    assert refusal.value.code == "too-large"
