"""Search by words: which turns, facts and notes hold, or stand near, the words of a query."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.memory.bm25 import Bm25
from engine.memory.words import question_share, terms


class WordIndex:
    """BM25 over everything of one profile, in memory. Made anew from the record at every start."""

    def __init__(self) -> None:
        self._bm25 = Bm25()
        self._items: list[str] = []
        """Item of each position; empty for a reply, which helps its neighbours but is no find of its own."""
        self._positions: dict[str, int] = {}
        self._sessions: dict[str, int] = {}

    def add_turn(self, item: str, session: str, text: str, day: str) -> None:
        """Takes what the user said on `day` (ISO), and keeps the place after it for the reply."""
        number = self._sessions.setdefault(session, len(self._sessions))
        self._append(item, terms(f"{text} {_day_words(day)}"), number, question_share(text))
        self._append("", {}, number, 0.0)

    def add_reply(self, turn: str, text: str) -> None:
        """Takes the reply to a turn, as heard."""
        if turn in self._positions:
            self._bm25.fill(self._positions[turn] + 1, terms(text))

    def add_memory(self, item: str, text: str) -> None:
        """Takes a fact or a note."""
        self._append(item, terms(text))

    def _append(self, item: str, words: Mapping[str, float], session: int | None = None, asks: float = 0) -> None:
        position = self._bm25.append(words, asks=asks, **({} if session is None else {"session": session}))
        self._items.append(item)
        if item:
            self._positions[item] = position

    def drop(self, item: str) -> None:
        """Forgets an item; with a turn goes its reply."""
        position = self._positions.pop(item, None)
        if position is not None:
            self._bm25.drop(position)
            self._items[position] = ""
            if item.startswith("turn:"):
                self._bm25.drop(position + 1)

    def search(self, query: str, limit: int) -> list[tuple[str, float]]:
        """Up to `limit` items with their scores (above 0), best first; equal scores: the youngest first."""
        words = terms(query)
        if not words:
            return []
        scores = self._bm25.scores(words)
        found = [int(i) for i in np.flatnonzero(scores) if self._items[i]]
        found.sort(key=lambda i: (-scores[i], -i))
        return [(self._items[i], float(scores[i])) for i in found[:limit]]


_MONTHS = "January February March April May June July August September October November December".split()


def _day_words(day: str) -> str:
    """How a day is asked for: `2024-05-01` is `2024 May 1 5月`."""
    year, month, number = day.split("-")
    return f"{year} {_MONTHS[int(month) - 1]} {int(number)} {int(month)}月"
