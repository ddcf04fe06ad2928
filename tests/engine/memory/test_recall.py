from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.prompt import Recollection
from engine.conversation.tokens import count_tokens
from engine.embedding.hashed import DIMENSIONS, HashedEmbedder, embed
from engine.memory.index import ExactIndex
from engine.memory.recall import DATE_TOKENS, LONGEST_TOKENS, Found, choose, meaning_weight, rank
from engine.memory.word_index import WordIndex

DAY_MS = 24 * 3600 * 1000
SAID = {
    "turn:1": "I adopted a cat from the shelter",
    "turn:2": "My sister plays the violin",
    "turn:3": "我养了一只猫叫豆豆",
    "turn:4": "The weather was awful all week",
}


def words() -> WordIndex:
    index = WordIndex()
    for item, text in SAID.items():
        index.add_turn(item, item, text, "2024-05-01")
    return index


def meaning() -> ExactIndex:
    index = ExactIndex(DIMENSIONS)
    index.add(list(SAID), np.array([embed(text) for text in SAID.values()], np.float32))
    return index


def ranked(query: str, *, by_words: bool, by_meaning: bool) -> list[str]:
    return list(
        rank(
            query,
            np.array(embed(query), np.float32),
            words=words() if by_words else None,
            meaning=meaning() if by_meaning else None,
            weight=meaning_weight(HashedEmbedder.model_id),
        )
    )


@pytest.mark.parametrize(("by_words", "by_meaning"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize(
    ("query", "best"),
    [("Which cat did I adopt?", "turn:1"), ("who plays violin", "turn:2"), ("我的猫叫什么", "turn:3")],
)
def test_each_source_recalls_alone_and_with_the_other(
    query: str, best: str, by_words: bool, by_meaning: bool
) -> None:
    assert ranked(query, by_words=by_words, by_meaning=by_meaning)[0] == best


def test_without_sources_nothing_is_recalled() -> None:
    assert ranked("cat", by_words=False, by_meaning=False) == []


def test_what_only_seems_near_is_not_found_by_meaning_alone() -> None:
    assert ranked("quantum chromodynamics", by_words=False, by_meaning=True) == []


def test_hashed_vectors_only_break_ties() -> None:
    assert meaning_weight("hashed-512-v1") < meaning_weight("bge-m3") == 1.0


def candidate(text: str, score: float, *, days_old: float = 0, former: bool = False) -> Found:
    at_ms = int(1_700_000_000_000 - days_old * DAY_MS)
    return Found(memory=Recollection("turn", text, "2023-11-14", score, former=former), at_ms=at_ms)


def chosen(query: str, *found: Found, limit_tokens: int = 1000) -> list[str]:
    memories = choose(query, found, now_ms=1_700_000_000_000, limit_tokens=limit_tokens)
    assert list(memories) == sorted(memories, key=lambda memory: -memory.score)
    return [memory.text for memory in memories]


def test_what_says_the_same_is_recalled_once() -> None:
    assert chosen("tea", candidate("I love green tea!", 1.0), candidate("i love GREEN tea", 0.9)) == [
        "I love green tea!"
    ]


def test_a_fact_is_kept_instead_of_the_turn_that_says_the_same() -> None:
    fact = Found(memory=Recollection("fact", "You love green tea.", "2023-11-14", 0.5), at_ms=0)
    assert chosen("tea", candidate("I love green tea!", 1.0), candidate("tea at work", 0.7), fact) == [
        "You love green tea.",
        "tea at work",
    ]


def test_recency_nudges_but_never_beats_a_better_match() -> None:
    old, new = candidate("tea in spring", 1.0, days_old=900), candidate("tea at work", 0.99)
    assert chosen("tea", old, new) == ["tea at work", "tea in spring"]
    assert chosen("tea", old, candidate("tea at work", 0.9))[0] == "tea in spring"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Where do I live?", "You live in Paris."),
        ("Where did I live before?", "You live in Rome. (until 2023-11-01)"),
        ("我以前住哪里", "You live in Rome. (until 2023-11-01)"),
    ],
)
def test_a_former_fact_counts_when_the_past_is_asked_for(query: str, first: str) -> None:
    former = candidate("You live in Rome. (until 2023-11-01)", 1.0, former=True)
    assert chosen(query, former, candidate("You live in Paris.", 0.8))[0] == first


def test_near_misses_are_left_out() -> None:
    assert chosen("tea", candidate("tea in spring", 1.0), candidate("rain at sea", 0.1)) == ["tea in spring"]


def test_a_long_memory_is_clipped_and_the_next_still_fits() -> None:
    long = " ".join(f"word{number}" for number in range(2000))
    first, second = chosen("tea", candidate(long, 1.0), candidate("tea at work", 0.9))
    assert long.startswith(first)
    assert count_tokens(first) <= LONGEST_TOKENS
    assert second == "tea at work"


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.text(alphabet="tea 茶rain.?", max_size=40), st.floats(0.01, 2)), max_size=30),
    st.integers(0, 200),
)
def test_the_budget_holds_for_anything(pairs: list[tuple[str, float]], limit: int) -> None:
    texts = chosen("tea", *(candidate(text, score) for text, score in pairs), limit_tokens=limit)
    assert sum(count_tokens(text) + DATE_TOKENS for text in texts) <= limit
