"""The SQLite file: opened safely, written durably, erased for good, its errors told apart by blame."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from engine.errors import EnvironmentFault

MIGRATIONS = (Path(__file__).with_name("schema.sql").read_text(encoding="utf-8"),)
"""Scripts that lead from one version to the next; the file's user_version counts those done."""

_HEADER = b"SQLite format 3\x00"
_BUSY_TIMEOUT_S = 5.0
_FULL_BELOW = 64 * 1024
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "foreign_keys = ON",
    # What VACUUM writes aside is private too: never into a file elsewhere.
    "temp_store = MEMORY",
)


class Database:
    """One connection, for the thread that made it.

    Opening, and every call, raises EnvironmentFault `record-too-new`, `record-damaged`, `disk-full` or
    `record-unwritable`; the file is left as the last commit made it.
    """

    def __init__(self, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
        self.path = path
        self._migrations = migrations
        fresh = not path.exists() or path.stat().st_size == 0
        if not fresh:
            self._refuse_unknown(*_read_header(path))
            self._refuse_damaged()
        try:
            # SQLite gives its companion files (-wal, -shm) the mode of the file itself.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            if os.name == "posix":
                path.chmod(0o600)
        except OSError as error:
            raise _unwritable(path) from error
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_TIMEOUT_S)
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _refuse_unknown(self, magic: bytes, version: int) -> None:
        if magic != _HEADER:
            raise _damaged(self.path)
        if version > len(self._migrations):
            raise EnvironmentFault(
                "record-too-new",
                f"The memory file {self.path} has version {version}; this program knows versions up to "
                f"{len(self._migrations)}. Use the newer program again; nothing was changed.",
            )

    def _refuse_damaged(self) -> None:
        # A read-only connection does not move the log into the file when it closes.
        with self._faults():
            connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
        with self._faults(), closing(connection):
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise _damaged(self.path)

    def _prepare(self) -> None:
        for pragma in _PRAGMAS:
            self.rows(f"PRAGMA {pragma}")
        version = self.rows("PRAGMA user_version")[0][0]
        self._refuse_unknown(_HEADER, version)
        if version < len(self._migrations):
            with self.transaction():
                for script in self._migrations[version:]:
                    for statement in _statements(script):
                        self.execute(statement)
                self.execute(f"PRAGMA user_version = {len(self._migrations)}")

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """All rows of one statement."""
        with self._faults():
            return self._connection.execute(sql, parameters).fetchall()

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Runs one statement that changes something; the cursor tells `lastrowid` and `rowcount`."""
        with self._faults():
            return self._connection.execute(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on disk for good when the block is left without an exception."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self.execute("ROLLBACK")
            raise

    def scrub(self) -> None:
        """Leaves no byte of anything deleted in the file or its companions."""
        self._checkpoint()
        # secure_delete zeroes freed cells; VACUUM also drops what page splits left in the gaps.
        self.execute("VACUUM")
        self._checkpoint()

    def _checkpoint(self) -> None:
        if self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise _unwritable(self.path)

    def close(self) -> None:
        with self._faults():
            self._connection.close()

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            fault = _fault_of(error, self.path)
            if fault is None:
                raise
            raise fault from error


def _read_header(path: Path) -> tuple[bytes, int]:
    """Magic and user_version (offset 60: sqlite.org/fileformat.html), read without SQLite."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise _unwritable(path) from error
    return header[:16], int.from_bytes(header[60:64], "big")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for piece in script.split(";")[:-1]:
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _fault_of(error: sqlite3.Error, path: Path) -> EnvironmentFault | None:
    """The fault of the machine behind `error`, or None when it is our bug."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path)
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _nothing_free(path)):
        return EnvironmentFault(
            "disk-full", f"There is no room left to remember anything in {path.parent}: free some disk space."
        )
    if code in (
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    ):
        return _unwritable(path)
    return None


def _nothing_free(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _FULL_BELOW


def _damaged(path: Path) -> EnvironmentFault:
    return EnvironmentFault(
        "record-damaged",
        f"The memory file {path} is damaged. It was left as it is: put a backup in its place, or move it "
        "away to begin anew (the command `sqlite3 FILE .recover` can often save its words).",
    )


def _unwritable(path: Path) -> EnvironmentFault:
    return EnvironmentFault(
        "record-unwritable",
        f"The memory file {path} cannot be read or written: check the disk, the permissions of the folder, "
        "and that no other program has it open.",
    )
