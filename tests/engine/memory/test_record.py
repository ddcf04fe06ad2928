from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.memory.database import Database
from engine.memory.record import ItemText, Record

VECTOR = bytes(range(16))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "record.sqlite3")
    yield database
    database.close()


def said(record: Record, turn: int, text: str = "hello", *, over: bool = True) -> int:
    turn_id = record.add_turn(
        session="s", turn=turn, at_ms=1000 * turn, text=text, language="en", source="typed", emotion=""
    )
    if over:
        assert record.set_reply(turn_id, text="hi", emotion="calm", outcome="done")
    return turn_id


def test_a_turn_told_twice_is_kept_once(database: Database) -> None:
    record = Record(database, "default")
    assert said(record, 1, "tea") == said(record, 1, "tea") == 1
    assert said(record, 2, "tea") != 1
    assert len(record.turns_before(None, 10)) == 2


def test_turns_are_paged_both_ways(database: Database) -> None:
    record = Record(database, "default")
    ids = [said(record, turn) for turn in range(5)]
    assert [row["id"] for row in record.turns_before(None, 2)] == ids[:-3:-1]
    assert [row["id"] for row in record.turns_before(ids[3], 10)] == ids[2::-1]
    assert [row["id"] for row in record.turns_after(ids[1], 2)] == ids[2:4]


def test_ids_are_never_given_twice(database: Database) -> None:
    record = Record(database, "default")
    first = said(record, 1)
    record.delete_turn(first)
    assert said(record, 1) > first


def test_profiles_do_not_see_each_other(database: Database) -> None:
    mine, theirs = Record(database, "mine"), Record(database, "theirs")
    my_turn = said(mine, 1, "my secret")
    assert theirs.turns_before(None, 10) == theirs.turns([my_turn]) == theirs.to_embed(10) == []
    assert theirs.turn_to_extract() is None
    assert not theirs.set_reply(my_turn, text="x", emotion="", outcome="done")
    theirs.set_turn_text(my_turn, "overwritten")
    theirs.delete_turn(my_turn)
    theirs.forget_all()
    assert [row["text"] for row in mine.turns_before(None, 10)] == ["my secret"]


def test_a_turn_is_worked_on_when_it_is_over(database: Database) -> None:
    record = Record(database, "default")
    turn = said(record, 1, over=False)
    assert record.turn_to_extract() is None
    assert record.to_embed(10) == []
    record.close_open_turns()
    row = record.turn_to_extract()
    assert row is not None
    assert (row["id"], row["outcome"]) == (turn, "error")
    record.mark_extracted(turn)
    assert record.turn_to_extract() is None
    assert record.to_embed(10) == [ItemText(f"turn:{turn}", "hello")]


def test_a_vector_of_words_that_changed_meanwhile_is_not_kept(database: Database) -> None:
    record = Record(database, "default")
    kept, changed, gone = (said(record, turn, f"text {turn}") for turn in range(3))
    batch = record.to_embed(10)
    record.set_turn_text(changed, "other words")
    record.delete_turn(gone)
    record.keep_vectors(batch, [VECTOR] * 3)
    assert record.to_index(1, 10) == [(f"turn:{kept}", VECTOR)]
    assert record.to_embed(10) == [ItemText(f"turn:{changed}", "other words")]


def test_vectors_wait_for_the_index_of_the_generation(database: Database) -> None:
    record = Record(database, "default")
    items = [ItemText(f"turn:{said(record, turn, str(turn))}", str(turn)) for turn in range(3)]
    record.keep_vectors(items, [VECTOR, VECTOR, b""])
    generation = record.profile().generation
    waiting = record.to_index(generation, 10)
    assert record.count_vectors(generation) == (0, 2)
    record.mark_indexed([item for item, _ in waiting], generation)
    assert record.to_index(generation, 10) == []
    assert record.count_vectors(generation) == (2, 2)
    assert len(record.sample_indexed(generation, 10)) == 2
    assert len(record.to_index(record.next_generation(), 10)) == 3


def test_another_model_makes_every_vector_anew(database: Database) -> None:
    record = Record(database, "default")
    turn = said(record, 1)
    record.keep_vectors(record.to_embed(1), [VECTOR])
    record.adopt_model("bge-m3", 4)
    profile = record.profile()
    assert (profile.model_id, profile.dimensions) == ("bge-m3", 4)
    assert record.to_embed(5) == [ItemText(f"turn:{turn}", "hello")]
    assert record.count_vectors(profile.generation) == (0, 0)


WRITER = """
import sys
from pathlib import Path
from engine.memory.database import Database
from engine.memory.record import Record
record = Record(Database(Path(sys.argv[1])), "default")
for turn in range(100_000):
    row = record.add_turn(session=sys.argv[2], turn=turn, at_ms=turn, text=f"words {turn}",
                          language="en", source="voice", emotion="")
    print("said", row, flush=True)
    record.set_reply(row, text=f"reply {turn}", emotion="calm", outcome="done")
    print("heard", row, flush=True)
"""


def kill_while_writing(path: Path, name: str, after_s: float) -> tuple[set[int], set[int]]:
    """Ids acknowledged as said and as heard by a process killed `after_s` seconds after its first turn."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]
        killer = threading.Timer(after_s, writer.kill)
        killer.start()
        # A line the kill cut in two was not acknowledged.
        lines += [line for line in writer.stdout if line.endswith("\n")]
        killer.join()
    acknowledged: dict[str, set[int]] = {"said": set(), "heard": set()}
    for line in lines:
        word, row = line.split()
        acknowledged[word].add(int(row))
    assert acknowledged["said"], "the writer wrote nothing"
    return acknowledged["said"], acknowledged["heard"]


def lose_nothing(path: Path, kills: int) -> None:
    moment = random.Random(19)
    said, heard = set[int](), set[int]()
    for kill in range(kills):
        newly_said, newly_heard = kill_while_writing(path, f"session {kill}", moment.uniform(0, 0.06))
        said |= newly_said
        heard |= newly_heard
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            rows = connection.execute("SELECT id, outcome, text, reply FROM turns").fetchall()
        assert said <= {row[0] for row in rows}
        assert heard <= {row[0] for row in rows if row[1] == "done"}
        assert all(row[3] == (row[2].replace("words", "reply") if row[1] else "") for row in rows)


def test_a_killed_process_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    lose_nothing(tmp_path / "record.sqlite3", kills=10)


@pytest.mark.long
def test_a_hundred_killed_processes_lose_nothing_they_acknowledged(tmp_path: Path) -> None:
    lose_nothing(tmp_path / "record.sqlite3", kills=100)
