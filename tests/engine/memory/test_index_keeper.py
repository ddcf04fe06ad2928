from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.embedding.hashed import DIMENSIONS, embed
from engine.errors import StageFault
from engine.memory.database import Database
from engine.memory.index_keeper import IndexKeeper, to_bytes
from engine.memory.record import Record

ITEMS = 1100
"""More than Chroma's sync threshold (1000): only then are its files written."""


class Kept:
    """A record with many vectors and its index, opened and closed at will."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "record.sqlite3")
        self.record = Record(self.database, "default")

    def remember(self, number: int) -> None:
        rng = np.random.default_rng(3)
        with self.database.transaction():
            for turn in range(number):
                vector = rng.normal(size=DIMENSIONS)
                vector /= np.linalg.norm(vector)
                self.database.execute(
                    "INSERT INTO vectors (item, profile_id, vector) VALUES (?, ?, ?)",
                    (f"turn:{turn}", self.record.profile_id, to_bytes(tuple(vector), DIMENSIONS)),
                )

    def keeper(self, model: str = "hashed-512-v1") -> IndexKeeper:
        return IndexKeeper(self.record, self.folder / "index", model, DIMENSIONS)

    def open_filled(self) -> tuple[str, IndexKeeper]:
        keeper = self.keeper()
        reason = keeper.open()
        while keeper.fill(500):
            pass
        return reason, keeper

    @property
    def index_folder(self) -> Path:
        (folder,) = (self.folder / "index").iterdir()
        return folder

    @property
    def segment(self) -> Path:
        return next(path for path in self.index_folder.iterdir() if path.is_dir())

    def finds_all(self, keeper: IndexKeeper) -> bool:
        index = keeper.usable
        assert index is not None
        samples = self.record.sample_indexed(self.record.profile().generation, 200)
        return len(samples) == 200 and not index.check(
            ITEMS, ITEMS, [(item, np.frombuffer(vector, np.float32)) for item, vector in samples]
        )


@pytest.fixture(scope="module")
def full_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = Kept(tmp_path_factory.mktemp("kept"))
    kept.keeper().open()
    kept.remember(ITEMS)
    _, keeper = kept.open_filled()
    keeper.close()
    kept.database.close()
    return kept.folder


@pytest.fixture
def kept(full_folder: Path, tmp_path: Path) -> Iterator[Kept]:
    shutil.copytree(full_folder, tmp_path / "kept")
    kept = Kept(tmp_path / "kept")
    yield kept
    kept.database.close()


def test_a_sound_index_is_used_as_it_is(kept: Kept) -> None:
    before = kept.index_folder
    keeper = kept.keeper()
    assert keeper.open() == ""
    assert keeper.usable is None
    assert not keeper.fill(10)
    assert kept.finds_all(keeper)
    keeper.close()
    assert kept.index_folder == before


def cut_vectors(kept: Kept) -> None:
    path = kept.segment / "data_level0.bin"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def lose_segment(kept: Kept) -> None:
    shutil.rmtree(kept.segment)


def lose_pickle(kept: Kept) -> None:
    (kept.segment / "index_metadata.pickle").unlink()


def zero_header(kept: Kept) -> None:
    path = kept.segment / "header.bin"
    path.write_bytes(bytes(path.stat().st_size))


def lose_folder(kept: Kept) -> None:
    shutil.rmtree(kept.folder / "index")


def lose_database(kept: Kept) -> None:
    for path in kept.index_folder.glob("chroma.sqlite3*"):
        path.unlink()


def break_database(kept: Kept) -> None:
    (kept.index_folder / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)


def go_stale(kept: Kept) -> None:
    kept.database.execute("DELETE FROM vectors WHERE item IN ('turn:1', 'turn:2')")


DAMAGE = [
    cut_vectors,
    lose_segment,
    lose_pickle,
    zero_header,
    lose_folder,
    lose_database,
    break_database,
]


MAKES_IT_AGAIN = """
import sys
from pathlib import Path
from tests.engine.memory.test_index_keeper import Kept

kept = Kept(Path(sys.argv[1]))
reason, keeper = kept.open_filled()
assert reason
assert kept.finds_all(keeper)
keeper.close()
assert kept.keeper().open() == ""
"""


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_made_again(kept: Kept, damage: Callable[[Kept], None]) -> None:
    """In a process of its own: Chroma's native code dies of some damage now and then, and must do so once."""
    damage(kept)
    kept.database.close()
    command = [sys.executable, "-c", MAKES_IT_AGAIN, str(kept.folder)]
    first = subprocess.run(command, capture_output=True, check=False, timeout=120)
    last = subprocess.run(command, capture_output=True, check=False, timeout=120) if crashed(first) else first
    assert last.returncode == 0, last.stderr.decode()


def crashed(done: subprocess.CompletedProcess[bytes]) -> bool:
    return done.returncode < 0 or done.returncode > 0xC0000000  # by a signal; on Windows by an exception


def test_a_stale_index_is_made_again(kept: Kept) -> None:
    go_stale(kept)
    reason, keeper = kept.open_filled()
    assert "1100 memories instead of 1098" in reason
    assert keeper.usable is not None
    assert keeper.usable.count() == ITEMS - 2
    keeper.close()


def test_vectors_of_another_model_are_dropped(kept: Kept) -> None:
    keeper = kept.keeper("bge-m3")
    assert "another model" in keeper.open()
    assert kept.record.count_vectors(0) == (0, 0)
    assert kept.record.profile().model_id == "bge-m3"
    keeper.close()


def test_a_crash_while_opening_is_not_repeated(kept: Kept) -> None:
    before = kept.index_folder
    kept.record.set_state("opening")
    reason, keeper = kept.open_filled()
    assert "ended while opening" in reason
    assert kept.finds_all(keeper)
    keeper.close()
    assert kept.index_folder != before


def test_a_crash_between_index_and_record_is_no_damage(kept: Kept) -> None:
    kept.record.mark_indexed(["turn:5", "turn:6"], 0)
    reason, keeper = kept.open_filled()
    assert reason == ""
    assert kept.finds_all(keeper)
    keeper.close()


def test_erasing_leaves_no_byte_and_begins_anew(kept: Kept) -> None:
    _, keeper = kept.open_filled()
    kept.record.next_generation()
    keeper.erase()
    assert list((kept.folder / "index").rglob("*")) == []
    assert keeper.usable is None
    while keeper.fill(500):
        pass
    assert kept.finds_all(keeper)
    assert list((kept.folder / "index").iterdir()) == []
    kept.record.set_state("erased")
    keeper.close()
    _, keeper = kept.open_filled()
    assert kept.finds_all(keeper)
    assert list((kept.folder / "index").iterdir()) == [], "this process still knows what was forgotten"
    keeper.close()
    kept.database.execute("UPDATE profiles SET process = 0")
    reason, keeper = kept.open_filled()
    assert reason == ""
    assert kept.finds_all(keeper)
    assert kept.index_folder.is_dir()
    keeper.close()


def test_empty_vectors_are_done_without_being_put_in(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    keeper = kept.keeper()
    assert keeper.open() == ""
    kept.database.execute("INSERT INTO vectors VALUES ('turn:1', ?, ?, 0)", (kept.record.profile_id, b""))
    assert keeper.fill(5)
    assert not keeper.fill(5)
    assert keeper.usable is not None
    assert keeper.usable.count() == 0
    keeper.close()
    assert kept.keeper().open() == ""
    kept.database.close()


def test_vectors_are_checked_before_they_are_kept() -> None:
    assert to_bytes((0.0, 0.0), 2) == b""
    assert to_bytes((1.0, 0.0), 2) == b"\x00\x00\x80?\x00\x00\x00\x00"
    assert len(to_bytes(embed("tea"), DIMENSIONS)) == 4 * DIMENSIONS
    for wrong in ((1.0,), (1.0, float("nan")), (1.0, 0.0, 0.0)):
        with pytest.raises(StageFault) as caught:
            to_bytes(wrong, 2)
        assert caught.value.code == "embedding-failed"
