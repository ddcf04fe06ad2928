"""From where the model lies to a copy that is safe to load; and all that leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.avatar.opening import opening
from app.avatar.opening.opening import open_model
from app.avatar.opening.refused import ModelRefused
from engine.errors import EnvironmentFault
from tests.support.avatar import ask_core, write_whole
from tests.support.corrupted import CORRUPTED


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_whole(tmp_path / "model")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "new" / "cache"


def test_a_folder_and_a_zip_file_of_it_become_the_same_copy(model: Path, cache: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", model.parent)
    copy = open_model(model.parent, cache)
    assert copy == open_model(model, cache) == open_model(Path(archive), cache)
    assert ask_core("[model.GetExpressions(), model.GetMotionGroups()]", [copy]) == [[["happy"], {"Idle": 1}]]


def test_the_original_stays_as_it_was(model: Path, cache: Path) -> None:
    before = {path: path.read_bytes() for path in model.parent.iterdir()}
    open_model(model, cache)
    assert {path: path.read_bytes() for path in model.parent.iterdir()} == before


def test_what_was_accepted_once_is_not_tried_again(
    model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = open_model(model, cache)
    monkeypatch.setattr(opening, "try_out", lambda path: pytest.fail("tried again"))
    assert open_model(model, cache) == copy


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_copy_that_was_damaged_is_made_anew(
    model: Path, cache: Path, spoil: Callable[[Path], object]
) -> None:
    texture = open_model(model, cache).parent / "textures" / "0.png"
    before = texture.read_bytes()
    spoil(texture)
    open_model(model, cache)
    assert texture.read_bytes() == before


def test_the_user_may_change_the_bindings(model: Path, cache: Path) -> None:
    first = open_model(model, cache)
    bindings = first.parent.parent / "avatar.toml"
    bindings.write_text('[expressions]\nangry = "smile"\n', encoding="utf-8-sig")  # as Windows may
    second = open_model(model, cache)
    assert second.parent.parent == first.parent.parent
    assert not first.exists()
    assert ask_core("[model.GetExpressions(), model.GetMotionGroups()]", [second]) == [[["angry"], {}]]
    assert bindings.read_text(encoding="utf-8-sig") == '[expressions]\nangry = "smile"\n'


@pytest.mark.parametrize("content", [b"[expressions]\nhappy = 'other'", b"\xff", b"#" * (2**20 + 1)])
def test_bindings_that_are_wrong_are_refused(model: Path, cache: Path, content: bytes) -> None:
    (open_model(model, cache).parent.parent / "avatar.toml").write_bytes(content)
    with pytest.raises(ModelRefused) as refusal:
        open_model(model, cache)
    assert refusal.value.code == "bad-bindings"


@pytest.mark.parametrize("what", ["motion truncated", "moc3 of an odd length"])
def test_a_model_that_is_refused_leaves_nothing_behind(model: Path, cache: Path, what: str) -> None:
    CORRUPTED[what][0](model.parent)
    with pytest.raises(ModelRefused):
        open_model(model, cache)
    assert list(cache.rglob("*")) == []


def test_a_bundle_shows_its_own_avatar_only(
    model: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(ModelRefused, match="run from source") as refusal:
        open_model(model, cache)
    assert refusal.value.code == "not-allowed"


@pytest.mark.skipif(os.name != "posix", reason="a file is no folder on any system, but errors differ")
def test_a_cache_that_cannot_be_written_is_not_the_models_fault(model: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFault, match="cannot be written") as fault:
        open_model(model, tmp_path / "file" / "cache")
    assert fault.value.code == "file-unusable"
