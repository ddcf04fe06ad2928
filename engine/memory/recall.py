"""What to remember for a query: words and meaning fused, nudged, cleared of repetition, cut to a budget.

Each source is optional: with one alone, recall still works. Scores are fused after scaling each list to 0..1
(a convex combination; Bruch et al., "An Analysis of Fusion Functions for Hybrid Retrieval", 2022), not by
rank: with the hashed embedding, which sees hardly more than the words, fusing by rank costs 11 points of
frac@10 on LoCoMo (.766 -> .651), scaled scores with the weight below cost less than one and gain three on
MADial-Bench zh.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.conversation.prompt import ProfileSlot, Recollection
from engine.conversation.tokens import clip_tokens, count_tokens
from engine.memory.index import MemoryIndex
from engine.memory.word_index import WordIndex
from engine.memory.words import asks_before, terms

CANDIDATES = 100
"""Most items taken from each source."""
FINALISTS = 60
"""Most items looked at closely."""
MOST_RECOLLECTIONS = 20
LEAST_SHARE = 0.3
"""Items below this share of the best score are left out: a prompt full of near misses is ignored."""
LEAST_COSINE = 0.2
"""What is found by meaning alone must be at least this near."""
RECENCY_BONUS = 0.05
RECENCY_HALF_LIFE_MS = 30 * 24 * 3600 * 1000
FORMER_SHARE = 0.5
"""A fact that no longer holds counts this much, unless the query asks about the past."""
LONGEST_TOKENS = 250
"""One long monologue must not take the whole budget."""
DATE_TOKENS = 8
SAME_WORDS = 0.8
"""Two texts that share this part of their terms (Jaccard) say the same."""


class Recall(msgspec.Struct, frozen=True):
    """What memory brings to one turn, each best first."""

    profile: tuple[ProfileSlot, ...] = ()
    notes: tuple[str, ...] = ()
    recollections: tuple[Recollection, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate, as the record knows it."""

    memory: Recollection
    at_ms: int


def meaning_weight(model_id: str) -> float:
    """How much the similarity of vectors counts beside the words.

    Hashed vectors see the same words again and only break ties; a model that knows meaning counts in full.
    """
    return 0.2 if model_id.startswith("hashed") else 1.0


def rank(
    query: str,
    vector: NDArray[np.float32] | None,
    *,
    words: WordIndex | None,
    meaning: MemoryIndex | None,
    weight: float,
) -> dict[str, float]:
    """Items that may answer `query`, with scores above 0, best first. A source that is None is left out."""
    by_words = words.search(query, CANDIDATES) if words else []
    by_meaning = meaning.search(vector, CANDIDATES) if meaning and vector is not None else []
    scores = {item: score / by_words[0][1] for item, score in by_words}
    lowest = by_meaning[-1][1] if by_meaning else 0.0
    for item, cosine in by_meaning:
        if item in scores or cosine >= LEAST_COSINE:
            scale = (cosine - lowest) / (by_meaning[0][1] - lowest) if by_meaning[0][1] > lowest else 1.0
            scores[item] = scores.get(item, 0.0) + weight * scale
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


def choose(query: str, found: Sequence[Found], *, now_ms: int, limit_tokens: int) -> tuple[Recollection, ...]:
    """The best of the candidates that fit `limit_tokens`, best first, nothing said twice."""
    past = asks_before(query)
    scored = [msgspec.structs.replace(one.memory, score=_nudged(one, now_ms, past)) for one in found]
    scored.sort(key=lambda memory: -memory.score)
    near = [memory for memory in scored if memory.score >= LEAST_SHARE * scored[0].score]
    chosen: list[Recollection] = []
    for memory in _without_repetition(near):
        if len(chosen) == MOST_RECOLLECTIONS:
            break
        text = clip_tokens(memory.text, LONGEST_TOKENS)
        cost = count_tokens(text) + DATE_TOKENS
        if cost <= limit_tokens:
            limit_tokens -= cost
            chosen.append(msgspec.structs.replace(memory, text=text))
    return tuple(chosen)


def _without_repetition(scored: Sequence[Recollection]) -> list[Recollection]:
    """What says the same is kept once, in the best place; as the fact, where there is one."""
    kept: list[Recollection] = []
    seen: list[set[str]] = []
    for memory in scored:
        said = set(terms(memory.text))
        same = next((place for place, other in enumerate(seen) if _same(said, other)), None)
        if same is None:
            kept.append(memory)
            seen.append(said)
        elif memory.kind == "fact" and kept[same].kind == "turn":
            kept[same] = msgspec.structs.replace(memory, score=kept[same].score)
    return kept


def _nudged(found: Found, now_ms: int, past: bool) -> float:
    age = max(now_ms - found.at_ms, 0)
    recency = 1.0 + RECENCY_BONUS * 0.5 ** (age / RECENCY_HALF_LIFE_MS)
    return found.memory.score * recency * (FORMER_SHARE if found.memory.former and not past else 1.0)


def _same(words: set[str], other: set[str]) -> bool:
    return len(words & other) >= SAME_WORDS * len(words | other)
