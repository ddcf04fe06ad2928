"""BM25 over the lines of conversations, with neighbours and sessions.

Theory of operation. Every line said (the user's, and the companion's reply as heard) takes one position;
positions of one session lie side by side in the order spoken. Only a line's own terms are stored. Its context
is made when a query comes: the counts of a term are spread to the two lines before and after (weights below),
then scored as usual. So a line is found by what was said around it, and nothing must be rewritten when a
neighbour comes or goes. To that is added half the score of the whole session, taken as one document. Facts
and notes stand alone: no neighbours, no session.

Two corrections, both measured on LoCoMo (dev half, frac@10): a question tells less than a statement
(.768 -> .775), a line with more content tells more (.768 -> .775); together .783. BM25 alone: .534.

Why not SQLite's FTS5: it knows neither neighbours, sessions nor weights per term, and keeps deleted words in
its segments until they happen to be merged. A year of talk fits in memory, and is read in about a second.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 1.2
B = 0.75
LATER_FINDS_EARLIER = ((1, 0.4), (2, 0.3))
"""A line is found by the lines after it, at this distance with this weight ..."""
EARLIER_FINDS_LATER = ((1, 0.6), (2, 0.4))
"""... and, more strongly, by the lines before it: an answer by its question."""
SESSION_SHARE = 0.5
QUESTION_DISCOUNT = 0.5
CONTENT_BONUS = 0.2
ALONE = -1
"""Session of what has no neighbours."""

_SPREAD = tuple((-distance, weight) for distance, weight in LATER_FINDS_EARLIER) + EARLIER_FINDS_LATER


class Bm25:
    """A growing index. Positions are given in order and never reused."""

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        self._length = array("f")
        self._session = array("i")
        self._tells = array("f")

    def __len__(self) -> int:
        return len(self._length)

    def append(self, terms: Mapping[str, float], *, session: int = ALONE, asks: float = 0.0) -> int:
        """Adds a line; returns its position. `asks` is 0..1 (words.question_share)."""
        position = len(self._length)
        self._length.append(0.0)
        self._session.append(session)
        self._tells.append(1.0 - QUESTION_DISCOUNT * asks)
        self.fill(position, terms)
        return position

    def fill(self, position: int, terms: Mapping[str, float]) -> None:
        """Gives words to a position that has none yet (a reply heard after its place was taken)."""
        for term, count in terms.items():
            positions, counts = self._postings.setdefault(term, (array("i"), array("f")))
            positions.append(position)
            counts.append(count)
        self._length[position] = sum(terms.values())

    def drop(self, position: int) -> None:
        """Empties a position: it is neither found nor helps its neighbours to be found."""
        self._length[position] = 0.0

    def scores(self, query: Mapping[str, float]) -> NDArray[np.float64]:
        """Score of every position, shape (len(self),); 0 where no term of the query is near."""
        length = np.array(self._length, dtype=np.float64)
        alive = length > 0
        if not alive.any():
            return length
        session = np.array(self._session, dtype=np.int32)
        lines = _Documents(self._with_neighbours(np.arange(len(length)), length, session), int(alive.sum()))
        talk = np.flatnonzero(session != ALONE)
        spoken = np.bincount(session[talk], weights=length[talk])
        sessions = _Documents(spoken, int((spoken > 0).sum()))
        for term, weight in query.items():
            positions, counts = self._found(term, alive)
            if len(positions):
                near = self._with_neighbours(positions, counts, session)
                lines.add(near, weight, holding=len(positions))
            spoken_at = session[positions] != ALONE
            if spoken_at.any():
                heard = np.bincount(
                    session[positions[spoken_at]], weights=counts[spoken_at], minlength=len(spoken)
                )
                sessions.add(heard, weight, holding=int((heard > 0).sum()))
        total = lines.scores
        near_talk = talk[total[talk] > 0]
        total[near_talk] += SESSION_SHARE * sessions.scores[session[near_talk]]
        content = np.log1p(length)
        return total * alive * np.array(self._tells) * (1 + CONTENT_BONUS * content / content[alive].mean())

    def _found(self, term: str, alive: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Positions that hold `term`, and its counts there."""
        found = self._postings.get(term)
        if found is None:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        # Copies: a view would forbid the arrays to grow as long as anything holds it.
        positions, counts = np.array(found[0], np.int32), np.array(found[1], np.float32)
        kept = alive[positions]
        return positions[kept], counts[kept]

    def _with_neighbours(
        self, positions: NDArray[Any], counts: NDArray[Any], session: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        """Counts at `positions`, spread to the lines around them; shape (len(self),)."""
        near = np.zeros(len(session))
        near[positions] = counts
        for offset, share in _SPREAD:
            target = positions + offset
            inside = (target >= 0) & (target < len(session))
            source, target, count = positions[inside], target[inside], counts[inside]
            joined = (session[source] == session[target]) & (session[source] != ALONE)
            near[target[joined]] += share * count[joined]
        return near


class _Documents:
    """Plain BM25 over documents of the given lengths, one term after another."""

    def __init__(self, lengths: NDArray[Any], number: int) -> None:
        self._number = number
        mean = lengths[lengths > 0].mean() if number else 1.0
        self._norm = K1 * (1 - B + B * lengths / mean)
        self.scores = np.zeros(len(lengths))

    def add(self, counts: NDArray[Any], weight: float, *, holding: int) -> None:
        """Counts of one term in every document; `holding` of them hold it themselves."""
        idf = math.log(1 + (self._number - holding + 0.5) / (holding + 0.5))
        found = np.flatnonzero(counts)
        heard = counts[found]
        self.scores[found] += weight * idf * heard * (K1 + 1) / (heard + self._norm[found])
