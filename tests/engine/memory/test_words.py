from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.memory.words import SINGLE_WEIGHT, fold, question_share, stem, terms


@pytest.mark.parametrize(
    "forms",
    [
        ("hike", "hikes", "hiked", "hiking"),
        ("run", "runs", "running"),
        ("story", "stories"),
        ("class", "classes"),
        ("happy", "happily"),
        ("paint", "paints", "painted", "painting"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("bus", "bu"), ("sing", "s"), ("paris", "pari"), ("red", "r")])
def test_short_and_whole_words_stay(one: str, other: str) -> None:
    assert stem(one) != other


def test_latin_words_lose_stop_words_case_and_apostrophes() -> None:
    assert terms("What's Caroline’s CAT doing? The cat sleeps.") == {
        stem("caroline"): 1,
        "cat": 2,
        stem("sleep"): 1,
    }


def test_cjk_becomes_pairs_and_telling_single_characters() -> None:
    assert terms("我爱茶") == {"我爱": 1.0, "爱茶": 1.0, "爱": SINGLE_WEIGHT, "茶": SINGLE_WEIGHT}


def test_mixed_script_is_cut_where_the_script_changes() -> None:
    assert {"momo", "小猫"} <= terms("我的小猫叫Momo。").keys()


def test_spellings_of_the_same_characters_are_one() -> None:
    assert fold("  ＡＢＣ　Straße \n") == fold("abc strasse")
    assert terms("ＴＥＡ") == terms("tea")


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("I live in Rome.", 0.0),
        ("Where do I live?", 1.0),
        ("where do i live", 1.0),
        ("我住在哪里？", 1.0),
        ("你记得吗", 1.0),
        ("", 0.0),
    ],
)
def test_questions_are_told_from_statements(text: str, share: float) -> None:
    assert question_share(text) == share


def test_a_question_behind_a_statement_counts_by_its_length() -> None:
    assert 0.2 < question_share("I adopted a cat from the shelter. Like cats?") < 0.5


@settings(deadline=None)
@given(st.text(max_size=100))
def test_any_text_is_taken(text: str) -> None:
    assert all(term and weight > 0 for term, weight in terms(text).items())
    assert 0.0 <= question_share(text) <= 1.0
