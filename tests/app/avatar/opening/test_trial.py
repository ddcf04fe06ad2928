"""A child process that dies, or never ends, is told from one that survives."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from app.avatar.opening import trial
from app.avatar.opening.binding import MODEL, bound_files
from app.avatar.opening.bindings import Bindings
from app.avatar.opening.reading import read_model
from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.source import opened
from app.avatar.opening.trial import try_out
from engine.errors import EnvironmentFault
from tests.support.avatar import write_whole


@pytest.fixture
def model3(tmp_path: Path) -> Path:
    with opened(write_whole(tmp_path / "original")) as source:
        files = bound_files(read_model(source), Bindings())
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path / MODEL


def test_a_good_model_survives_and_nothing_is_left_behind(model3: Path) -> None:
    before = sorted(model3.parent.rglob("*"))
    try_out(model3)
    assert sorted(model3.parent.rglob("*")) == before


@pytest.mark.parametrize("content", [b"", b"MOC3" + bytes(3000)])
def test_a_model_that_kills_the_core_is_refused(model3: Path, content: bytes) -> None:
    (model3.parent / "avatar.moc3").write_bytes(content)
    with pytest.raises(ModelRefused, match="cannot use") as refusal:
        try_out(model3)
    assert refusal.value.code == "crashes"


def test_who_never_ends_is_ended(model3: Path) -> None:
    with pytest.raises(ModelRefused, match="without end"):
        try_out(model3, deadline_s=0.001)


def test_without_live2d_the_user_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(trial.importlib.metadata, "version", missing)
    with pytest.raises(EnvironmentFault, match="bootstrap") as fault:
        trial.live2d_version()
    assert fault.value.code == "live2d-missing"
