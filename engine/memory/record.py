"""The record of one profile: turns as said and heard, and the vectors made of them. SQLite, and the truth."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from typing import Literal

import msgspec

from engine.memory.database import Database

Outcome = Literal["done", "cancelled", "error"]
Source = Literal["voice", "typed"]
State = Literal["ready", "opening", "erasing", "erased"]


class ItemText(msgspec.Struct, frozen=True):
    """Something to be found: `item` is `turn:7`, `fact:12` or `note:3`."""

    item: str
    text: str


class ProfileRow(msgspec.Struct, frozen=True):
    """What the record knows of the index beside it."""

    id: int
    state: State
    """At start, `opening` and `erasing` tell that the program died while it opened the index, or forgot;
    `erased` that it forgot, and the index on disk is to be made again."""
    process: int
    """Number of the process that set the state."""
    generation: int
    model_id: str
    dimensions: int


class Record:
    """Turns and vectors of one profile. Every method is durable when it returns (see Database for faults)."""

    def __init__(self, database: Database, profile: str) -> None:
        self._database = database
        with database.transaction():
            database.execute("INSERT OR IGNORE INTO profiles (name) VALUES (?)", (profile,))
        self.profile_id: int = database.rows("SELECT id FROM profiles WHERE name = ?", (profile,))[0][0]

    # ------------------------------------------------------------ the profile and its index

    def profile(self) -> ProfileRow:
        row = self._database.rows(
            "SELECT id, state, process, generation, model_id, dimensions FROM profiles WHERE id = ?",
            (self.profile_id,),
        )[0]
        return ProfileRow(*row)

    def set_state(self, state: State) -> None:
        self._database.execute(
            "UPDATE profiles SET state = ?, process = ? WHERE id = ?", (state, os.getpid(), self.profile_id)
        )

    def next_generation(self) -> int:
        """Gives up the index folder in use: all vectors go into the next one, whose number is returned."""
        self._database.execute(
            "UPDATE profiles SET generation = generation + 1 WHERE id = ?", (self.profile_id,)
        )
        return self.profile().generation

    def adopt_model(self, model_id: str, dimensions: int) -> None:
        """Drops the vectors of another embedder: everything is to be embedded anew."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE profiles SET model_id = ?, dimensions = ? WHERE id = ?",
                (model_id, dimensions, self.profile_id),
            )
            self._database.execute("DELETE FROM vectors WHERE profile_id = ?", (self.profile_id,))
            for table in ("turns", "memories"):
                self._database.execute(
                    f"UPDATE {table} SET embedded = 0 WHERE profile_id = ?", (self.profile_id,)
                )

    # ------------------------------------------------------------ turns

    def add_turn(
        self, *, session: str, turn: int, at_ms: int, text: str, language: str, source: Source, emotion: str
    ) -> int:
        """Writes what the user said; returns the turn's id. A turn written twice is kept once."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO turns (profile_id, session, turn, at_ms, text, language, source, emotion)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (profile_id, session, turn) DO NOTHING",
                (self.profile_id, session, turn, at_ms, text, language, source, emotion),
            )
        return self._database.rows(
            "SELECT id FROM turns WHERE profile_id = ? AND session = ? AND turn = ?",
            (self.profile_id, session, turn),
        )[0][0]

    def set_reply(self, turn_id: int, *, text: str, emotion: str, outcome: Outcome) -> bool:
        """Writes what of the reply was heard; False when the turn was forgotten meanwhile."""
        with self._database.transaction():
            cursor = self._database.execute(
                "UPDATE turns SET reply = ?, reply_emotion = ?, outcome = ? WHERE id = ? AND profile_id = ?",
                (text, emotion, outcome, turn_id, self.profile_id),
            )
        return cursor.rowcount == 1

    def close_open_turns(self) -> None:
        """Ends the turns whose reply was lost with the process that made it."""
        self._database.execute(
            "UPDATE turns SET outcome = 'error' WHERE outcome IS NULL AND profile_id = ?", (self.profile_id,)
        )

    def set_turn_text(self, turn_id: int, text: str) -> None:
        """Corrects what the user said; facts are to be extracted and the text embedded anew."""
        self._database.execute(
            "UPDATE turns SET text = ?, extracted = 0, embedded = 0 WHERE id = ? AND profile_id = ?",
            (text, turn_id, self.profile_id),
        )

    def delete_turn(self, turn_id: int) -> None:
        self._database.execute(
            "DELETE FROM turns WHERE id = ? AND profile_id = ?", (turn_id, self.profile_id)
        )

    def turns(self, ids: Sequence[int]) -> list[sqlite3.Row]:
        """The turns of `ids` that exist, oldest first."""
        marks = ",".join("?" * len(ids))
        return self._database.rows(
            f"SELECT * FROM turns WHERE profile_id = ? AND id IN ({marks}) ORDER BY id",
            (self.profile_id, *ids),
        )

    def turns_after(self, turn_id: int, limit: int) -> list[sqlite3.Row]:
        """Up to `limit` turns younger than `turn_id`, oldest first."""
        return self._database.rows(
            "SELECT * FROM turns WHERE profile_id = ? AND id > ? ORDER BY id LIMIT ?",
            (self.profile_id, turn_id, limit),
        )

    def turns_before(self, turn_id: int | None, limit: int) -> list[sqlite3.Row]:
        """Up to `limit` turns older than `turn_id` (None: the newest of all), newest first."""
        return self._database.rows(
            "SELECT * FROM turns WHERE profile_id = ? AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?",
            (self.profile_id, turn_id, turn_id, limit),
        )

    def turn_to_extract(self) -> sqlite3.Row | None:
        """The oldest turn that is over and whose facts are not extracted."""
        rows = self._database.rows(
            "SELECT * FROM turns WHERE profile_id = ? AND extracted = 0 AND outcome IS NOT NULL"
            " ORDER BY id LIMIT 1",
            (self.profile_id,),
        )
        return rows[0] if rows else None

    def mark_extracted(self, turn_id: int) -> None:
        self._database.execute("UPDATE turns SET extracted = 1 WHERE id = ?", (turn_id,))

    # ------------------------------------------------------------ vectors

    def to_embed(self, limit: int) -> list[ItemText]:
        """Up to `limit` turns that are over, facts and notes that have no vector yet."""
        rows = self._database.rows(
            "SELECT 'turn:' || id AS item, text FROM turns"
            " WHERE profile_id = ? AND embedded = 0 AND outcome IS NOT NULL LIMIT ?",
            (self.profile_id, limit),
        ) or self._database.rows(
            "SELECT kind || ':' || id AS item, text FROM memories"
            " WHERE profile_id = ? AND embedded = 0 LIMIT ?",
            (self.profile_id, limit),
        )
        return [ItemText(row["item"], row["text"]) for row in rows]

    def keep_vectors(self, items: Sequence[ItemText], vectors: Sequence[bytes]) -> None:
        """Stores the vector of each item whose text is still the one embedded."""
        with self._database.transaction():
            for item, vector in zip(items, vectors, strict=True):
                kind, _, number = item.item.partition(":")
                table = "turns" if kind == "turn" else "memories"
                cursor = self._database.execute(
                    f"UPDATE {table} SET embedded = 1 WHERE id = ? AND text = ?", (int(number), item.text)
                )
                if cursor.rowcount:
                    self._database.execute(
                        "INSERT OR REPLACE INTO vectors (item, profile_id, vector) VALUES (?, ?, ?)",
                        (item.item, self.profile_id, vector),
                    )

    def drop_vector(self, item: str) -> None:
        self._database.execute("DELETE FROM vectors WHERE item = ?", (item,))

    def to_index(self, generation: int, limit: int) -> list[tuple[str, bytes]]:
        """Up to `limit` vectors that are not in the index of `generation`."""
        rows = self._database.rows(
            "SELECT item, vector FROM vectors WHERE profile_id = ? AND generation <> ? LIMIT ?",
            (self.profile_id, generation, limit),
        )
        return [(row["item"], row["vector"]) for row in rows]

    def mark_indexed(self, items: Sequence[str], generation: int) -> None:
        with self._database.transaction():
            for item in items:
                self._database.execute("UPDATE vectors SET generation = ? WHERE item = ?", (generation, item))

    def count_vectors(self, generation: int) -> tuple[int, int]:
        """Vectors that are in the index of `generation`, and vectors at all (empty ones are never put in)."""
        row = self._database.rows(
            "SELECT count(*) FILTER (WHERE generation = ?), count(*) FROM vectors"
            " WHERE profile_id = ? AND length(vector) > 0",
            (generation, self.profile_id),
        )[0]
        return row[0], row[1]

    def indexed(self, generation: int) -> list[tuple[str, bytes]]:
        """Every vector the index of `generation` must hold."""
        rows = self._database.rows(
            "SELECT item, vector FROM vectors WHERE profile_id = ? AND generation = ? AND length(vector) > 0",
            (self.profile_id, generation),
        )
        return [(row["item"], row["vector"]) for row in rows]

    def sample_indexed(self, generation: int, limit: int) -> list[tuple[str, bytes]]:
        """Vectors the index of `generation` must hold, chosen at random."""
        rows = self._database.rows(
            "SELECT item, vector FROM vectors WHERE rowid IN (SELECT rowid FROM vectors WHERE profile_id = ?"
            " AND generation = ? ORDER BY random() LIMIT ?) AND length(vector) > 0",
            (self.profile_id, generation, limit),
        )
        return [(row["item"], row["vector"]) for row in rows]

    def forget_all(self) -> None:
        """Deletes every row of the profile (the bytes go with Database.scrub)."""
        for table in ("memories", "turns", "vectors"):
            self._database.execute(f"DELETE FROM {table} WHERE profile_id = ?", (self.profile_id,))
