"""The file of places, also where it is broken or the disk is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.avatar.placement import Memory, Place
from app.avatar.places_file import PlacesFile
from tests.conftest import ExpectLog

SOMEWHERE = Memory("left", {"left": Place(1, 2, 300), "right": Place(4, 5, 600)})


def test_remembered_in_a_folder_that_is_new(tmp_path: Path) -> None:
    path = tmp_path / "data" / "places.json"
    PlacesFile(path).remember(SOMEWHERE)
    assert PlacesFile(path).memory == SOMEWHERE
    assert list(path.parent.iterdir()) == [path]


def test_not_written_when_nothing_changed(tmp_path: Path) -> None:
    path = tmp_path / "places.json"
    places = PlacesFile(path)
    places.remember(Memory())
    assert not path.exists()
    places.remember(SOMEWHERE)
    path.unlink()
    places.remember(SOMEWHERE)
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"{", b'{"places": 1}', b'{"last": 5}', b'{"hidden": true}'])
def test_broken_file_counts_as_none(tmp_path: Path, content: bytes, expect_log: ExpectLog) -> None:
    path = tmp_path / "places.json"
    path.write_bytes(content)
    expect_log("could not be read")
    places = PlacesFile(path)
    assert places.memory == Memory()
    places.remember(SOMEWHERE)
    assert PlacesFile(path).memory == SOMEWHERE


def test_nowhere_to_write_is_said(tmp_path: Path, expect_log: ExpectLog) -> None:
    places = PlacesFile(tmp_path / "data" / "places.json")
    (tmp_path / "data").touch()  # a file where the folder should be
    expect_log("could not be written")
    places.remember(SOMEWHERE)
    assert places.memory == SOMEWHERE
