"""Search by words: which turns, facts and notes hold, or stand near, the words of a query."""

from __future__ import annotations

from itertools import islice

import numpy as np

from engine.memory.bm25 import Bm25
from engine.memory.slot_words import slot_words
from engine.memory.words import question_share, terms


class WordIndex:
    """BM25 over everything of one profile, in memory. Made anew from the record at every start."""

    def __init__(self) -> None:
        self._bm25 = Bm25()
        self._items: list[str] = []
        """Item of each position; empty for a reply, which helps its neighbours but is no find of its own."""
        self._positions: dict[str, int] = {}
        self._sessions: dict[str, int] = {}

    def __contains__(self, item: str) -> bool:
        return item in self._positions

    def add_turn(self, item: str, session: str, text: str, day: str) -> None:
        """Takes what the user said on `day` (ISO), and keeps the place after it for the reply."""
        number = self._sessions.setdefault(session, len(self._sessions))
        self._positions[item] = self._bm25.append(session=number)
        self._bm25.append(session=number)
        self._items += (item, "")
        self.set_turn(item, text, day)

    def set_reply(self, turn: str, text: str) -> None:
        """Takes the reply to a turn, as heard."""
        self._refill(self._positions[turn] + 1, text)

    def add_memory(self, item: str, text: str, slot: str = "") -> None:
        """Takes a fact of a slot, or a note."""
        self._positions[item] = self._bm25.append()
        self._items.append(item)
        self.set_memory(item, text, slot)

    def set_turn(self, item: str, text: str, day: str) -> None:
        """Replaces the words of the user in a turn."""
        self._refill(self._positions[item], text, _day_words(day))

    def set_memory(self, item: str, text: str, slot: str = "") -> None:
        """Replaces the words of a fact or a note."""
        self._refill(self._positions[item], text, slot_words(slot))

    def drop(self, item: str) -> None:
        """Forgets an item; with a turn goes its reply."""
        position = self._positions.pop(item)
        self._items[position] = ""
        self._bm25.empty(position)
        if item.startswith("turn:"):
            self._bm25.empty(position + 1)

    def _refill(self, position: int, text: str, also: str = "") -> None:
        """`also` is searched but not said."""
        self._bm25.empty(position)
        self._bm25.fill(position, terms(f"{text} {also}"), asks=question_share(text))

    def search(self, query: str, limit: int) -> list[tuple[str, float]]:
        """Up to `limit` items with their scores (above 0), best first; equal scores: the youngest first."""
        words = terms(query)
        if not words:
            return []
        scores = self._bm25.scores(words)
        youngest_first = np.flatnonzero(scores)[::-1]
        best_first = youngest_first[np.argsort(-scores[youngest_first], kind="stable")]
        found = (position for position in best_first.tolist() if self._items[position])
        return [(self._items[position], float(scores[position])) for position in islice(found, limit)]


_MONTHS = "January February March April May June July August September October November December".split()
_MONTHS_ZH = "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月".split()


def _day_words(day: str) -> str:
    """How a day is asked for: `2024-05-01` is `2024 May 1 五月`."""
    year, month, number = day.split("-")
    return f"{year} {_MONTHS[int(month) - 1]} {int(number)} {_MONTHS_ZH[int(month) - 1]}"
