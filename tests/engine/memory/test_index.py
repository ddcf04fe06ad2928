from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import StageFault
from engine.memory.index import ChromaIndex, ExactIndex, MemoryIndex, erase_folder

SIZE = 24


def unit_vectors(number: int, seed: int = 7) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(number, SIZE)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def names(number: int) -> list[str]:
    return [f"turn:{i}" for i in range(number)]


@pytest.fixture(params=["exact", "chroma"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryIndex]:
    made = ExactIndex(SIZE) if request.param == "exact" else ChromaIndex(tmp_path / "index")
    yield made
    made.close()


def test_an_empty_index_finds_nothing(index: MemoryIndex) -> None:
    assert index.count() == 0
    assert index.search(unit_vectors(1)[0], 5) == []
    assert index.check(0, 0, []) == ""


def test_every_vector_finds_itself_first(index: MemoryIndex) -> None:
    vectors = unit_vectors(50)
    index.add(names(50), vectors)
    for name, vector in zip(names(50), vectors, strict=True):
        found = index.search(vector, 3)
        assert found[0] == (name, pytest.approx(1.0, abs=1e-5))
        assert len(found) == 3
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert index.check(50, 50, list(zip(names(50), vectors, strict=True))) == ""


def test_an_item_added_again_stays_as_it_was(index: MemoryIndex) -> None:
    first, second = unit_vectors(2)
    index.add(["turn:1"], first[None])
    index.add(["turn:1"], second[None])
    assert index.count() == 1
    assert index.search(first, 1)[0][1] == pytest.approx(1.0, abs=1e-5)


def test_check_tells_a_wrong_count_and_a_lost_vector(index: MemoryIndex) -> None:
    vectors = unit_vectors(5)
    index.add(names(4), vectors[:4])
    assert "4 memories instead of 5" in index.check(5, 5, [])
    assert index.check(3, 6, []) == ""
    assert "does not find turn:4" in index.check(4, 4, [("turn:4", vectors[4])])


def test_chroma_agrees_with_the_exact_index(tmp_path: Path) -> None:
    vectors, queries = unit_vectors(1500), unit_vectors(30, seed=8)
    exact, chroma = ExactIndex(SIZE), ChromaIndex(tmp_path / "index")
    for index in (exact, chroma):
        index.add(names(1500), vectors)
    shared = [
        len({item for item, _ in exact.search(query, 10)} & {item for item, _ in chroma.search(query, 10)})
        for query in queries
    ]
    chroma.close()
    assert sum(shared) >= 0.97 * 10 * len(queries)


def test_chroma_keeps_what_it_took(tmp_path: Path) -> None:
    vectors = unit_vectors(20)
    index = ChromaIndex(tmp_path / "index")
    index.add(names(20), vectors)
    index.close()
    again = ChromaIndex(tmp_path / "index")
    assert again.check(20, 20, list(zip(names(20), vectors, strict=True))) == ""
    again.erase()
    assert not (tmp_path / "index").exists()


def test_what_chroma_throws_is_one_coded_fault(tmp_path: Path, expect_log) -> None:
    expect_log("the memory index failed")
    index = ChromaIndex(tmp_path / "index")
    index.add(["turn:1"], unit_vectors(1))
    with pytest.raises(StageFault) as caught:
        index.add(["turn:2"], np.ones((1, SIZE + 1), np.float32))
    assert caught.value.code == "memory-index-failed"
    index.close()


def test_erasing_what_is_not_there_is_fine(tmp_path: Path) -> None:
    erase_folder(tmp_path / "never")


def test_erasing_goes_on_when_a_file_vanishes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma's threads take their SQLite log away after `close`: in one of ten times just then."""
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "kept.bin").write_bytes(b"vectors")
    attempts = [FileNotFoundError("chroma.sqlite3-wal")]
    rmtree = shutil.rmtree

    def vanishing(path: Path) -> None:
        if attempts:
            raise attempts.pop()
        rmtree(path)

    monkeypatch.setattr("engine.memory.index.shutil.rmtree", vanishing)
    erase_folder(folder)
    assert not folder.exists()
