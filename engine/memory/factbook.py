"""Facts and notes of one profile: kept with their evidence, superseded instead of overwritten.

A fact is current until a newer value of a single slot supersedes it or the user takes it back. Deleting what
ended it makes it current again: both ends are references that are cleared with their row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from engine.errors import PeerFault
from engine.memory.database import Database
from engine.memory.facts import FactDraft
from engine.memory.words import fold

CARD_SLOTS = 20
"""Most slots on the profile card."""

_SELECT = """
    SELECT memories.*,
           memories.kind || ':' || memories.id AS item,
           coalesce(next.valid_from, closing.at_ms) AS valid_to,
           (SELECT group_concat(turn_id) FROM evidence WHERE memory_id = memories.id) AS turn_ids
    FROM memories
    LEFT JOIN memories AS next ON next.id = memories.superseded_by
    LEFT JOIN turns AS closing ON closing.id = memories.closed_by
    WHERE memories.profile_id = ?"""
_CURRENT = " AND memories.superseded_by IS NULL AND memories.closed_by IS NULL"


class Factbook:
    """Facts and notes. Callers open transactions; rows carry `item`, `valid_to` and `turn_ids` (or None)."""

    def __init__(self, database: Database, profile_id: int) -> None:
        self._database = database
        self._profile_id = profile_id

    def learn(self, draft: FactDraft, turn: sqlite3.Row) -> list[int]:
        """Takes one draft found in `turn`; returns the ids of the facts that are new or hold no longer.

        A draft whose evidence does not occur in the turn, or whose value not in its evidence, is dropped.
        """
        value = fold(draft.value)
        evidence = fold(draft.evidence)
        if evidence not in fold(turn["text"]) or value not in evidence or not (value or draft.retracts):
            return []
        closed = self._close(_ended(draft, self._current(*draft.reach)), turn)
        if draft.retracts:
            return closed
        current = self._current(draft.slot)
        if same := [row for row in current if row["folded"] == value]:
            self._add_evidence(same[0]["id"], turn["id"])
            return closed
        fact = self._insert(
            "fact", draft.sentence, turn["at_ms"], draft.slot, draft.value, value, draft.single
        )
        self._add_evidence(fact, turn["id"])
        superseded = [row["id"] for row in current] if draft.single else []
        for old in superseded:
            self._database.execute("UPDATE memories SET superseded_by = ? WHERE id = ?", (fact, old))
        return [fact, *superseded, *closed]

    def _current(self, *slots: str) -> list[sqlite3.Row]:
        marks = ",".join("?" * len(slots))
        return self._rows(f"{_CURRENT} AND memories.kind = 'fact' AND memories.slot IN ({marks})", slots)

    def _close(self, facts: Sequence[sqlite3.Row], turn: sqlite3.Row) -> list[int]:
        """The user has taken `facts` back in `turn`."""
        closed = [row["id"] for row in facts]
        for fact in closed:
            self._database.execute("UPDATE memories SET closed_by = ? WHERE id = ?", (turn["id"], fact))
        return closed

    def add_note(self, text: str, at_ms: int, turn_id: int | None = None) -> int:
        """Pins a sentence of the user's own, or the words of a turn; returns the note's id."""
        note = self._insert("note", text, at_ms)
        if turn_id is not None:
            self._add_evidence(note, turn_id)
        self.set_pinned(note, True)
        return note

    def _insert(
        self,
        kind: str,
        text: str,
        at_ms: int,
        slot: str = "",
        value: str = "",
        folded: str = "",
        single: bool = False,
    ) -> int:
        cursor = self._database.execute(
            "INSERT INTO memories (profile_id, kind, text, valid_from, slot, value, folded, single)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self._profile_id, kind, text, at_ms, slot, value, folded, single),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _add_evidence(self, memory_id: int, turn_id: int) -> None:
        self._database.execute("INSERT OR IGNORE INTO evidence VALUES (?, ?)", (memory_id, turn_id))

    def _rows(self, condition: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        return self._database.rows(_SELECT + condition, (self._profile_id, *parameters))

    def get(self, item: str) -> sqlite3.Row:
        """The memory called `fact:12` or `note:3`; raises PeerFault `unknown-memory`."""
        kind, _, number = item.partition(":")
        rows = self._rows(" AND memories.kind = ? AND memories.id = ?", (kind, number))
        if not rows:
            raise unknown_memory(item)
        return rows[0]

    def some(self, ids: Sequence[int]) -> list[sqlite3.Row]:
        """The memories of `ids` that exist, in no order."""
        return self._rows(f" AND memories.id IN ({','.join('?' * len(ids))})", ids)

    def newest(self, before: int | None, limit: int) -> list[sqlite3.Row]:
        """Up to `limit` memories with ids below `before` (None: all), newest first."""
        return self._rows(
            " AND (? IS NULL OR memories.id < ?) ORDER BY memories.id DESC LIMIT ?", (before, before, limit)
        )

    def pinned(self) -> list[sqlite3.Row]:
        """Current memories the user pinned, oldest first."""
        return self._rows(_CURRENT + " AND memories.pinned ORDER BY memories.id")

    def card(self) -> list[sqlite3.Row]:
        """The profile card: the newest value of each single slot, at most 20, most recently told first."""
        return self._rows(_CURRENT + " AND memories.single ORDER BY memories.id DESC LIMIT ?", (CARD_SLOTS,))

    def of_turn(self, turn_id: int) -> list[sqlite3.Row]:
        """Memories that have the turn as evidence."""
        return self._rows(
            " AND memories.id IN (SELECT memory_id FROM evidence WHERE turn_id = ?)", (turn_id,)
        )

    def outdated(self, turn_ids: Sequence[int]) -> set[int]:
        """Those of `turn_ids` that told facts of which none holds any more."""
        rows = self._database.rows(
            "SELECT turn_id FROM evidence JOIN memories ON memories.id = memory_id"
            f" WHERE kind = 'fact' AND turn_id IN ({','.join('?' * len(turn_ids))}) GROUP BY turn_id"
            " HAVING count(*) = count(coalesce(superseded_by, closed_by))",
            turn_ids,
        )
        return {row["turn_id"] for row in rows}

    def set_pinned(self, memory_id: int, pinned: bool) -> None:
        self._database.execute("UPDATE memories SET pinned = ? WHERE id = ?", (pinned, memory_id))

    def set_text(self, memory: sqlite3.Row, text: str) -> None:
        """Rewords a memory; the value of a fact follows where the new sentence shows it."""
        value = _reworded_value(memory["text"], memory["value"], text) if memory["kind"] == "fact" else ""
        self._database.execute(
            "UPDATE memories SET text = ?, value = ?, folded = ?, embedded = 0 WHERE id = ?",
            (text, value, fold(value), memory["id"]),
        )

    def drop_evidence(self, turn_id: int) -> None:
        """The turn no longer tells what it told."""
        self._database.execute("DELETE FROM evidence WHERE turn_id = ?", (turn_id,))

    def delete(self, memory_id: int) -> None:
        self._database.execute("DELETE FROM memories WHERE id = ?", (memory_id,))


def _ended(draft: FactDraft, current: Sequence[sqlite3.Row]) -> list[sqlite3.Row]:
    """The facts of `current` that `draft` ends, and what begins them: "You have a dog." goes with "You have a
    dog. His name is Rex."."""
    over = [row["text"] for row in current if draft.ends(row["slot"], row["value"], row["text"])]
    return [row for row in current if any(text.startswith(row["text"]) for text in over)]


def unknown_memory(item: str) -> PeerFault:
    return PeerFault("unknown-memory", f"There is no memory called {item!r}: list the memories again.")


def _reworded_value(sentence: str, value: str, reworded: str) -> str:
    """The value in a new sentence: of `Paris`, when `You live in Paris.` becomes `You live in Lyon.`: `Lyon`.

    The whole sentence where it cannot be told."""
    if value in reworded:
        return value
    before, found, after = sentence.partition(value)
    if found and reworded.startswith(before) and reworded.endswith(after):
        return reworded[len(before) : len(reworded) - len(after)] or reworded
    return reworded
