import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.wording import as_name, lower_first, tidy, to_second_person


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("my sister lives with me", "your sister lives with you"),
        ("i am glad i was there", "you are glad you were there"),
        ("I'm sure we've met", "you're sure you've met"),
        ("it is mine", "it is yours"),
        ("i’ll do it myself", "you'll do it yourself"),
        ("the mind is immense", "the mind is immense"),
        ("you know me", "me know you"),
    ],
)
def test_english_is_turned_round(said, turned):
    assert to_second_person(said, "en") == turned


def test_chinese_is_turned_round_both_ways_at_once():
    assert to_second_person("我告诉你我们家的事", "zh") == "你告诉我你们家的事"
    assert to_second_person("咱们去吧", "zh") == "你去吧"


@pytest.mark.parametrize(
    ("said", "tidied"),
    [
        ("i have a boat called molly", "I have a boat called Molly"),
        ("you live in paris since june", "You live in Paris since June"),
        ("your sister anna lives in rome", "Your sister Anna lives in Rome"),
        ("your birthday is on may third, i may come", "Your birthday is on May third, I may come"),
    ],
)
def test_english_gets_its_capitals(said, tidied):
    assert tidy(said, "en") == tidied
    assert tidy(said, "zh") == said


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("new york", "New York"),
        ("rio de janeiro", "Rio de Janeiro"),
        ("the netherlands", "the Netherlands"),
        ("a small village", "a small village"),
        ("McKenna", "McKenna"),
        ("北京", "北京"),
    ],
)
def test_names_are_written_as_names(said, name):
    assert as_name(said) == name


@given(st.text(), st.sampled_from(["en", "zh"]))
@example("İ", "en")
@settings(deadline=None)
def test_no_text_breaks_them(text, language):
    to_second_person(text, language)
    tidy(text, language)
    as_name(text)
    assert lower_first(text).casefold() == text.casefold()
