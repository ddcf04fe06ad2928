"""Everything remembered of one profile, as plain synchronous code for one thread.

The record is the truth. Words and vectors are indexes made from it: words when the archive opens and with
every write, vectors bit by bit in the background (see Memory in store.py, which owns the thread and does the
waiting).
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from engine.conversation.language import language_of
from engine.conversation.prompt import ProfileSlot, Recollection
from engine.errors import PeerFault
from engine.memory import listing
from engine.memory.database import Database
from engine.memory.days import local_day
from engine.memory.factbook import Factbook, unknown_memory
from engine.memory.facts import FactDraft
from engine.memory.folder import FolderLock
from engine.memory.index_keeper import IndexKeeper, to_bytes
from engine.memory.recall import FINALISTS, Found, Recall, choose, meaning_weight, rank
from engine.memory.record import ItemText, Outcome, Record, Source
from engine.memory.word_index import WordIndex

log = logging.getLogger(__name__)

Extract = Callable[[str, str, str], Sequence[FactDraft]]
"""Facts of a turn, from its text, its language and the ISO day it was told on."""

_PAGE = 1000


class Archive:
    """Opened by being made. Raises the faults of FolderLock, Database and IndexKeeper."""

    def __init__(
        self, folder: Path, *, profile: str, model_id: str, dimensions: int, extract: Extract
    ) -> None:
        self._extract = extract
        self._dimensions = dimensions
        self._weight = meaning_weight(model_id)
        self._words = WordIndex()
        with ExitStack() as opened:
            opened.callback(FolderLock(folder).release)
            self._database = Database(folder / "record.sqlite3")
            opened.callback(self._database.close)
            self._record = Record(self._database, profile)
            self._facts = Factbook(self._database, self._record.profile_id)
            self._keeper = IndexKeeper(self._record, folder / "index", model_id, dimensions)
            opened.callback(self._keeper.close)
            self._record.close_open_turns()
            self._load_words()
            if self._record.profile().state == "erasing":
                self._finish_erasing()
            self.rebuilding = self._keeper.open()
            """Why the index of meanings is being made again; empty when it is sound."""
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()

    def _load_words(self) -> None:
        last = 0
        while turns := self._record.turns_after(last, _PAGE):
            for turn in turns:
                self._add_turn_words(turn)
                last = turn["id"]
        for memory in self._facts.newest(None, -1):
            self._words.add_memory(memory["item"], memory["text"], memory["slot"])

    def _add_turn_words(self, turn: sqlite3.Row) -> None:
        item = f"turn:{turn['id']}"
        self._words.add_turn(item, turn["session"], turn["text"], local_day(turn["at_ms"]))
        self._words.set_reply(item, turn["reply"])

    # ------------------------------------------------------------ writing

    def user_turn(
        self, *, session: str, turn: int, at_ms: int, text: str, language: str, source: Source, emotion: str
    ) -> int:
        turn_id = self._record.add_turn(
            session=session,
            turn=turn,
            at_ms=at_ms,
            text=text,
            language=language,
            source=source,
            emotion=emotion,
        )
        item = f"turn:{turn_id}"
        if item not in self._words:
            self._words.add_turn(item, session, text, local_day(at_ms))
        return turn_id

    def reply_heard(self, turn_id: int, *, text: str, emotion: str, outcome: Outcome) -> None:
        if self._record.set_reply(turn_id, text=text, emotion=emotion, outcome=outcome):
            self._words.set_reply(f"turn:{turn_id}", text)

    # ------------------------------------------------------------ background work, a little at a time

    def extract_next(self) -> tuple[str, ...] | None:
        """Extracts the facts of the oldest turn that waits for it; returns which memories are new or hold no
        longer, None when no turn waits."""
        turn = self._record.turn_to_extract()
        if turn is None:
            return None
        drafts = self._drafts(turn)
        with self._database.transaction():
            changed = {fact for draft in drafts for fact in self._facts.learn(draft, turn)}
            self._record.mark_extracted(turn["id"])
        memories = self._facts.some(sorted(changed))
        for memory in memories:
            if memory["item"] not in self._words:
                self._words.add_memory(memory["item"], memory["text"], memory["slot"])
        return tuple(memory["item"] for memory in memories)

    def _drafts(self, turn: sqlite3.Row) -> Sequence[FactDraft]:
        try:
            return self._extract(turn["text"], turn["language"], local_day(turn["at_ms"]))
        except Exception:
            # Someone else's code: the turn stays searchable, and must not be tried for ever.
            log.exception("extracting facts of turn %d failed", turn["id"])
            return ()

    def to_embed(self, limit: int) -> list[ItemText]:
        return self._record.to_embed(limit)

    def keep_vectors(self, items: Sequence[ItemText], vectors: Sequence[tuple[float, ...]]) -> None:
        self._record.keep_vectors(items, [to_bytes(vector, self._dimensions) for vector in vectors])

    def fill_index(self, limit: int) -> bool:
        return self._keeper.fill(limit)

    # ------------------------------------------------------------ recalling

    @property
    def knows_meaning(self) -> bool:
        """True when a query's vector is of use."""
        return self._keeper.usable is not None

    def recall(
        self,
        query: str,
        vector: tuple[float, ...] | None,
        *,
        exclude_turns: Collection[int],
        now_ms: int,
        limit_tokens: int,
    ) -> Recall:
        card = self._facts.card()
        pinned = self._facts.pinned()
        shown = {row["item"] for row in (*card, *pinned)} | {f"turn:{turn}" for turn in exclude_turns}
        ranked = ((item, score) for item, score in self._rank(query, vector).items() if item not in shown)
        scores = dict(islice(ranked, FINALISTS))
        return Recall(
            profile=tuple(
                ProfileSlot(row["slot"], row["value"], row["text"], local_day(row["valid_from"]))
                for row in card
            ),
            notes=tuple(row["text"] for row in pinned),
            recollections=choose(query, self._found(scores), now_ms=now_ms, limit_tokens=limit_tokens),
        )

    def _rank(self, query: str, vector: tuple[float, ...] | None) -> dict[str, float]:
        return rank(
            query,
            None if vector is None else np.array(vector, np.float32),
            words=self._words,
            meaning=self._keeper.usable,
            weight=self._weight,
        )

    def _found(self, scores: dict[str, float]) -> list[Found]:
        """The candidates in the order of `scores`, as far as they still exist."""
        turns, memories = self._rows(scores)
        outdated = self._facts.outdated([row["id"] for row in turns.values()])
        found: list[Found] = []
        for item, score in scores.items():
            if item in turns:
                row = turns[item]
                day = local_day(row["at_ms"])
                memory = Recollection("turn", row["text"], day, score, former=row["id"] in outdated)
                found.append(Found(memory=memory, at_ms=row["at_ms"]))
            elif item in memories:
                found.append(_found_memory(memories[item], score))
        return found

    def _rows(self, items: Collection[str]) -> tuple[dict[str, sqlite3.Row], dict[str, sqlite3.Row]]:
        """Turns and memories among `items`."""
        numbers: dict[bool, list[int]] = {True: [], False: []}
        for item in items:
            kind, _, number = item.partition(":")
            numbers[kind == "turn"].append(int(number))
        turns = {f"turn:{row['id']}": row for row in self._record.turns(numbers[True])}
        return turns, {row["item"]: row for row in self._facts.some(numbers[False])}

    # ------------------------------------------------------------ looking into it

    def history(self, before: int | None, limit: int) -> list[dict[str, Any]]:
        return [listing.turn_entry(row) for row in self._record.turns_before(before, limit)]

    def list_memories(self, before: int | None, limit: int) -> list[dict[str, Any]]:
        return [listing.memory_entry(row) for row in self._facts.newest(before, limit)]

    def search(self, query: str, vector: tuple[float, ...] | None, limit: int) -> list[dict[str, Any]]:
        ranked = list(self._rank(query, vector))[:limit]
        turns, memories = self._rows(ranked)
        return [
            listing.turn_memory(turns[item]) if item in turns else listing.memory_entry(memories[item])
            for item in ranked
            if item in turns or item in memories
        ]

    def source(self, memory: str) -> dict[str, Any]:
        ids = [self._turn(memory)["id"]] if _is_turn(memory) else listing.turn_ids(self._facts.get(memory))
        return {"memory": memory, "turns": [listing.turn_entry(row) for row in self._record.turns(ids)]}

    def _turn(self, item: str) -> sqlite3.Row:
        number = item.partition(":")[2]
        # SQLite's numbers end at 2**63: a longer one is no turn's.
        known = number.isascii() and number.isdecimal() and len(number) < 19
        rows = self._record.turns([int(number)]) if known else []
        if not rows:
            raise unknown_memory(item)
        return rows[0]

    # ------------------------------------------------------------ changing it

    def add_note(self, text: str, at_ms: int, turn_id: int | None = None) -> dict[str, Any]:
        _refuse_blank(text)
        with self._database.transaction():
            note = self._facts.add_note(text, at_ms, turn_id)
        self._words.add_memory(f"note:{note}", text)
        return listing.memory_entry(self._facts.get(f"note:{note}"))

    def pin(self, memory: str, pinned: bool) -> dict[str, Any]:
        """Pins or unpins; a pinned turn is a note with the turn's words."""
        if _is_turn(memory):
            turn = self._turn(memory)
            notes = [row for row in self._facts.of_turn(turn["id"]) if row["kind"] == "note"]
            if not notes and pinned:
                return self.add_note(turn["text"], turn["at_ms"], turn["id"])
            if not notes:
                return listing.turn_memory(turn)
            memory = notes[0]["item"]
        self._facts.set_pinned(self._facts.get(memory)["id"], pinned)
        return listing.memory_entry(self._facts.get(memory))

    def edit(self, memory: str, text: str) -> dict[str, Any]:
        """Replaces the words of a memory, physically.

        What was told or pinned only in an edited turn is forgotten, and its facts are extracted anew.
        """
        _refuse_blank(text)
        if _is_turn(memory):
            turn = self._turn(memory)
            self._erase(self._told_only_in(turn["id"]), lambda: self._reword_turn(turn, text), [memory])
            self._words.set_turn(memory, text, local_day(turn["at_ms"]))
            return listing.turn_memory(self._turn(memory))
        row = self._facts.get(memory)
        self._erase([], lambda: self._facts.set_text(row, text), [memory])
        self._words.set_memory(memory, text, row["slot"])
        return listing.memory_entry(self._facts.get(memory))

    def _reword_turn(self, turn: sqlite3.Row, text: str) -> None:
        self._record.set_turn_text(turn["id"], text)
        self._facts.drop_evidence(turn["id"])

    def delete(self, memory: str) -> None:
        """Forgets a memory, physically.

        With a turn goes what was told or pinned only there. With a fact or note go the turns that told it,
        since they hold its words, and notes pinned from those; the other facts they told stay.
        """
        if _is_turn(memory):
            gone = {memory, *self._told_only_in(self._turn(memory)["id"])}
        else:
            gone = {memory}
            for turn in listing.turn_ids(self._facts.get(memory)):
                notes = [row["item"] for row in self._facts.of_turn(turn) if row["kind"] == "note"]
                gone |= {f"turn:{turn}", *notes}
        self._erase(gone, lambda: None, [])

    def forget_all(self) -> None:
        self._erase([], self._record.forget_all, [])
        self._words = WordIndex()

    def _told_only_in(self, turn_id: int) -> list[str]:
        rows = self._facts.of_turn(turn_id)
        return [row["item"] for row in rows if listing.turn_ids(row) == [turn_id]]

    def _erase(self, gone: Collection[str], change: Callable[[], None], changed: Collection[str]) -> None:
        """Deletes `gone`, applies `change` to `changed`, then leaves no byte of their old words in any file.

        Until it is done the record says `erasing`: a start after a crash finishes it.
        """
        with self._database.transaction():
            for item in gone:
                kind, _, number = item.partition(":")
                (self._record.delete_turn if kind == "turn" else self._facts.delete)(int(number))
            change()
            for item in (*gone, *changed):
                self._record.drop_vector(item)
            self._record.next_generation()
            self._record.set_state("erasing")
        for item in gone:
            self._words.drop(item)
        self._finish_erasing()

    def _finish_erasing(self) -> None:
        self._keeper.erase()
        self._database.scrub()
        self._record.set_state("erased")


def _is_turn(item: str) -> bool:
    return item.startswith("turn:")


def _refuse_blank(text: str) -> None:
    if not text.strip():
        raise PeerFault("empty-memory", "A memory needs words: write some, or delete it instead.")


def _found_memory(row: sqlite3.Row, score: float) -> Found:
    text, former = row["text"], row["valid_to"] is not None
    if former:
        day = local_day(row["valid_to"])
        text = (
            f"{text.rstrip('。')}，直到 {day}。"
            if language_of(text) == "zh"
            else f"{text.rstrip('.')}, until {day}."
        )
    memory = Recollection(
        row["kind"],
        text,
        local_day(row["valid_from"]),
        score,
        slot=row["slot"],
        value=row["value"],
        former=former,
    )
    return Found(memory=memory, at_ms=row["valid_from"])
