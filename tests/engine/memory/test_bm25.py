from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.memory.bm25 import Bm25
from engine.memory.words import terms


def made(*lines: tuple[str, int], asks: float = 0.0) -> Bm25:
    index = Bm25()
    for text, session in lines:
        index.fill(index.append(session=session), terms(text), asks=asks)
    return index


def best(index: Bm25, query: str) -> int:
    return int(index.scores(terms(query)).argmax())


def test_the_rarer_word_decides() -> None:
    index = Bm25()
    for text in ("tea tea", "coffee and tea", "tea with milk", "coffee and saffron"):
        index.fill(index.append(), terms(text))
    assert best(index, "coffee saffron") == 3


def test_an_answer_is_found_by_its_question() -> None:
    index = made(("What is your cat called?", 0), ("Momo, he is five", 0), ("nice weather", 1), ("indeed", 1))
    scores = index.scores(terms("cat"))
    assert scores[1] > 0
    assert scores[2] == scores[3] == 0


def test_neighbours_end_with_the_session() -> None:
    index = made(("my cat Momo", 0), ("rain again", 1))
    assert index.scores(terms("cat"))[1] == 0


def test_a_session_full_of_the_topic_lifts_its_lines() -> None:
    filler = [(f"word{i} other{i}", 0) for i in range(6)]
    talk = made(("garden tools", 0), *filler, ("garden gate", 1), *((f"garden plan{i}", 1) for i in range(6)))
    scores = talk.scores(terms("garden"))
    assert scores[7] > scores[0]


def test_a_question_tells_less_than_a_statement() -> None:
    index = Bm25()
    for asks in (1.0, 0.0):
        index.fill(index.append(), terms("live Rome"), asks=asks)
    question, statement = index.scores(terms("live"))
    assert 0 < question < statement


def test_what_stands_alone_has_no_neighbours() -> None:
    index = Bm25()
    for text in ("You have a cat", "You live in Rome"):
        index.fill(index.append(), terms(text))
    assert index.scores(terms("cat"))[1] == 0


def test_a_reply_may_come_after_the_next_line() -> None:
    late, in_time = Bm25(), Bm25()
    for index in (late, in_time):
        for _ in range(3):
            index.append(session=0)
    for index, order in ((late, (0, 2, 1)), (in_time, (0, 1, 2))):
        for position in order:
            index.fill(position, terms(("my cat", "a fine cat", "he is called Momo")[position]))
    assert late.scores(terms("cat called")) == pytest.approx(in_time.scores(terms("cat called")))


def test_an_emptied_line_is_not_found_and_helps_nobody() -> None:
    index = made(("my cat", 0), ("he is called Momo", 0), ("rain today", 1))
    index.empty(0)
    assert not index.scores(terms("cat")).any()
    assert index.scores(terms("Momo"))[1] > 0


def test_nothing_is_found_in_nothing() -> None:
    assert not len(Bm25().scores(terms("cat")))
    index = Bm25()
    index.append()
    assert not index.scores(terms("cat")).any()


WORDS = st.lists(st.sampled_from("tea cat rome paris 猫 茶 rain".split()), max_size=4).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(WORDS, st.integers(-1, 3)), max_size=12), WORDS)
def test_emptying_is_as_if_it_had_never_been_said(lines: list[tuple[str, int]], query: str) -> None:
    index, never = made(*lines), Bm25()
    for position, (text, session) in enumerate(lines):
        never.append(session=session)
        if position % 2:
            never.fill(position, terms(text))
        else:
            index.empty(position)
    assert index.scores(terms(query)) == pytest.approx(never.scores(terms(query)))
