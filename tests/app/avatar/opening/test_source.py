"""Folders and zip files: what is found, and what lies outside or is too much."""

from __future__ import annotations

import contextlib
import os
import stat
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening import source
from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.source import opened, safe_path


def put(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def packed(path: Path, *members: str | zipfile.ZipInfo) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member, getattr(member, "filename", member))
    return path


def found(path: Path) -> str:
    with opened(path) as model:
        return model.read(model.model3, 1000).decode()


def code(path: Path) -> str:
    with pytest.raises(ModelRefused) as refusal:
        found(path)
    return refusal.value.code


def read(path: Path, name: str, most: int = 1000) -> bytes:
    with opened(path) as model:
        return model.read(PurePosixPath(name), most)


def refused(path: Path, name: str, most: int = 1000) -> str:
    with pytest.raises(ModelRefused) as refusal:
        read(path, name, most)
    return refusal.value.code


def test_the_model_in_a_folder_a_zip_file_or_named_itself(tmp_path: Path) -> None:
    folder = put(tmp_path / "folder", "rio.model3.json", "other.json", "deep/a.model3.json")
    assert found(folder) == found(folder / "rio.model3.json") == "rio.model3.json"
    assert found(put(tmp_path / "deep", "a/b/rio.model3.json")) == "a/b/rio.model3.json"
    archive = packed(
        tmp_path / "rio.zip", "a/", "a/rio.model3.json", "a/b/c.model3.json", "a/._rio.model3.json"
    )
    assert found(archive) == "a/rio.model3.json"


def test_files_are_read_from_beside_the_model(tmp_path: Path) -> None:
    folder = put(tmp_path / "folder", "a/rio.model3.json", "a/b/texture.png", "texture.png")
    archive = packed(tmp_path / "rio.zip", "a/rio.model3.json", "a/b/texture.png", "texture.png")
    for path in (folder, archive):
        assert read(path, "b/texture.png") == b"a/b/texture.png"
        assert refused(path, "texture.png") == "missing-file"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["readme.txt"], "no-model"),
        (["model.json"], "old-model"),
        (["a.model3.json", "b.model3.json"], "several-models"),
    ],
)
def test_where_there_is_not_just_one_model(tmp_path: Path, names: list[str], expected: str) -> None:
    assert code(put(tmp_path / "folder", *names)) == expected
    assert code(packed(tmp_path / "rio.zip", *names)) == expected


def test_what_is_neither_folder_nor_zip_nor_model(tmp_path: Path) -> None:
    assert code(tmp_path / "nowhere") == "no-model"
    assert code(put(tmp_path, "text.txt") / "text.txt") == "no-model"


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    folder = put(tmp_path / "folder", "rio.model3.json")
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rio.model3.json", bytes(10**7))
    assert bomb.stat().st_size < 10**5
    for path in (folder, bomb):
        assert refused(path, "rio.model3.json", most=14) == "too-large"
    assert read(folder, "rio.model3.json", most=15)


def test_a_zip_file_of_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_MEMBERS", 2)
    assert found(packed(tmp_path / "a.zip", "rio.model3.json", "b"))
    assert code(packed(tmp_path / "b.zip", "rio.model3.json", "b", "c")) == "too-large"


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "C:/a", "a/../../b"])
def test_a_zip_file_with_a_name_that_leads_out(tmp_path: Path, name: str) -> None:
    assert code(packed(tmp_path / "rio.zip", "rio.model3.json", name)) == "bad-path"


def test_a_zip_file_with_a_name_that_is_none(tmp_path: Path) -> None:
    path = packed(tmp_path / "rio.zip", "rio.model3.json", "secret")
    path.write_bytes(path.read_bytes().replace(b"secret", b"\0ecret"))
    assert code(path) == "bad-path"


def test_a_zip_file_with_a_link(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("rio.model3.json")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert code(packed(tmp_path / "rio.zip", link)) == "bad-path"


def test_a_zip_file_with_a_password(tmp_path: Path) -> None:
    path = packed(tmp_path / "rio.zip", "rio.model3.json")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert code(path) == "bad-archive"


def test_a_zip_file_whose_chinese_names_are_not_marked_as_utf8(tmp_path: Path) -> None:
    path = packed(tmp_path / "rio.zip", "rio.model3.json", "12345678")
    path.write_bytes(path.read_bytes().replace(b"12345678", "纹理一二".encode("gbk")))
    assert read(path, "纹理一二") == b"12345678"


@given(at=st.integers(0, 10**4), damage=st.binary(min_size=1, max_size=20))
def test_a_damaged_zip_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, damage: bytes
) -> None:
    path = packed(tmp_path_factory.mktemp("zip") / "rio.zip", "a/rio.model3.json", "a/texture.png")
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(damage)] = damage
    path.write_bytes(data)
    with contextlib.suppress(ModelRefused):
        found(path)


@pytest.mark.skipif(os.name != "posix", reason="links need a privilege on Windows")
def test_links_out_of_the_folder_or_in_a_circle(tmp_path: Path) -> None:
    folder = put(tmp_path / "folder", "rio.model3.json", "real.png")
    (folder / "inside.png").symlink_to("real.png")
    (folder / "outside.png").symlink_to(put(tmp_path, "secret") / "secret")
    (folder / "round.png").symlink_to("round.png")
    os.mkfifo(folder / "pipe.png")
    assert read(folder, "inside.png") == b"real.png"
    assert refused(folder, "outside.png") == "bad-path"
    assert refused(folder, "round.png") == "missing-file"
    assert refused(folder, "pipe.png") == "missing-file"


@pytest.mark.parametrize("name", ["", ".", "..", "a/../b", "/a", "\\a", "C:a", "a\0b", "\\\\server\\a"])
def test_paths_that_lead_elsewhere(name: str) -> None:
    with pytest.raises(ModelRefused, match="outside its own folder"):
        safe_path(name)


def test_paths_may_be_written_as_on_windows() -> None:
    assert safe_path("a\\b/./c.png") == PurePosixPath("a/b/c.png")
