from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import EnvironmentFault
from engine.memory.database import MIGRATIONS, Database

TABLE = ("CREATE TABLE things (name TEXT);",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "record.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path, TABLE)
    yield database
    database.close()


def names(database: Database) -> list[str]:
    return [row["name"] for row in database.rows("SELECT name FROM things ORDER BY name")]


def add(database: Database, name: str) -> None:
    with database.transaction():
        database.execute("INSERT INTO things VALUES (?)", (name,))


def test_a_new_file_is_private_and_durable(database: Database, path: Path) -> None:
    assert database.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert database.rows("PRAGMA synchronous")[0][0] == 2  # FULL
    assert database.rows("PRAGMA secure_delete")[0][0] == 1
    add(database, "tea")
    if os.name == "posix":
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("record*")} == {0o600}


def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    add(database, "kept")
    database.execute("CREATE UNIQUE INDEX no_twins ON things (name)")
    with pytest.raises(sqlite3.IntegrityError), database.transaction():
        database.execute("INSERT INTO things VALUES ('lost'), ('kept')")
    assert names(database) == ["kept"]


def test_our_own_mistakes_are_no_fault_of_the_machine(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.rows("SELECT * FROM missing_table")


def test_the_shipped_schema_is_made_once(path: Path) -> None:
    for _ in range(2):
        database = Database(path)
        assert database.rows("PRAGMA user_version")[0][0] == len(MIGRATIONS)
        assert database.rows("PRAGMA integrity_check")[0][0] == "ok"
        database.close()


def test_an_older_file_is_brought_up_to_date(path: Path) -> None:
    old = Database(path, TABLE)
    add(old, "tea")
    old.close()
    new = Database(path, (*TABLE, "ALTER TABLE things ADD colour TEXT; UPDATE things SET colour = 'green';"))
    assert [tuple(row) for row in new.rows("SELECT * FROM things")] == [("tea", "green")]
    assert new.rows("PRAGMA user_version")[0][0] == 2
    new.close()


@pytest.mark.parametrize("broken_step", [0, 1])
def test_a_migration_that_fails_changes_nothing(path: Path, broken_step: int) -> None:
    Database(path, TABLE).close()
    steps = ["ALTER TABLE things ADD colour TEXT;", "ALTER TABLE things ADD size TEXT;"]
    steps[broken_step] = "CREATE TABLE half (name TEXT); INSERT INTO nowhere VALUES (1);"
    with pytest.raises(sqlite3.OperationalError):
        Database(path, (*TABLE, *steps))
    database = Database(path, TABLE)
    assert [row["name"] for row in database.rows("SELECT name FROM pragma_table_info('things')")] == ["name"]
    assert database.rows("SELECT * FROM sqlite_master WHERE name = 'half'") == []
    database.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_newer_file_is_refused_untouched(path: Path) -> None:
    Database(path, (*TABLE, "CREATE TABLE future (x);")).close()
    before = digest(path)
    with pytest.raises(EnvironmentFault) as caught:
        Database(path, TABLE)
    assert caught.value.code == "record-too-new"
    assert "version 2" in caught.value.message
    assert "up to 1" in caught.value.message
    assert digest(path) == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def damage_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database!!")


def damage_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 3000)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [damage_header, damage_page, cut_short])
def test_a_damaged_file_is_refused_untouched(path: Path, damage) -> None:
    database = Database(path, TABLE)
    for number in range(500):
        database.execute("INSERT INTO things VALUES (?)", (f"{number:0100}",))
    database.close()
    damage(path)
    before = digest(path)
    with pytest.raises(EnvironmentFault) as caught:
        Database(path, TABLE)
    assert caught.value.code == "record-damaged"
    assert str(path) in caught.value.message
    assert digest(path) == before


def test_damage_met_later_is_told_too(path: Path) -> None:
    database = Database(path, TABLE)
    for number in range(500):
        add(database, f"{number:0100}")
    database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    damage_page(path)
    database.execute("PRAGMA shrink_memory")  # what is cached is not read again
    with pytest.raises(EnvironmentFault) as caught:
        names(database)
    assert caught.value.code == "record-damaged"
    database.close()


def test_a_full_disk_loses_nothing_and_heals(database: Database) -> None:
    add(database, "kept")
    pages = database.rows("PRAGMA page_count")[0][0]
    database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(EnvironmentFault) as caught:
        add(database, "x" * 100_000)
    assert caught.value.code == "disk-full"
    assert names(database) == ["kept"]
    database.rows("PRAGMA max_page_count = 100000")
    add(database, "later")
    assert names(database) == ["kept", "later"]
    assert database.rows("PRAGMA integrity_check")[0][0] == "ok"


LIMITED = """
import resource, signal, sys
from pathlib import Path
from engine.errors import EnvironmentFault
from engine.memory.database import Database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
database = Database(Path(sys.argv[1]), ("CREATE TABLE things (name TEXT);",))
def add(name):
    with database.transaction():
        database.execute("INSERT INTO things VALUES (?)", (name,))
add("kept")
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, limits[1]))
try:
    add("x" * 200_000)
except EnvironmentFault as fault:
    print(fault.code)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
add("later")
print(len(database.rows("SELECT * FROM things")), database.rows("PRAGMA integrity_check")[0][0])
database.close()
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
def test_a_write_the_system_refuses_loses_nothing_and_heals(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["record-unwritable", "2", "ok"]


def test_a_file_in_use_elsewhere_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.memory.database._BUSY_TIMEOUT_S", 0.05)
    database = Database(path, TABLE)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(EnvironmentFault) as caught:
            add(database, "tea")
    assert caught.value.code == "record-unwritable"
    database.close()


def test_a_path_that_cannot_be_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        Database(tmp_path / "missing" / "record.sqlite3")
    assert caught.value.code == "record-unwritable"


def test_scrubbing_leaves_no_byte(database: Database, path: Path) -> None:
    canary = "CANARY-" + "q" * 50
    for number in range(200):
        add(database, f"{canary}{number}")
        add(database, f"other{number:0200}")
    assert canary.encode() in path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    database.execute("DELETE FROM things WHERE name LIKE 'CANARY%'")
    database.scrub()
    for file in path.parent.iterdir():
        assert canary.encode() not in file.read_bytes(), file
    assert len(names(database)) == 200
