import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.emotion import EMOTIONS, INERTIA_S, TAGS, Mood, begins_tag, leading_tag, parse_tag
from engine.messages import Emotion


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_tag_is_understood(language: str) -> None:
    assert [parse_tag(TAGS[language][emotion]) for emotion in EMOTIONS] == list(EMOTIONS)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("高兴", "happy"),
        ("伤心", "sad"),
        ("难过", "sad"),
        ("生氣", "angry"),
        ("惊讶", "surprised"),
        ("撒娇", "coquettish"),
        ("平静", "calm"),
        ("温和", "calm"),
        ("Joy", "happy"),
        ("SADNESS", "sad"),
        (" happy ", "happy"),
        ("ｈａｐｐｙ", "happy"),
        ("happy!", "happy"),
        ("😊开心", "happy"),
        ("开心地", "happy"),
        ("有点难过", "sad"),
        ("very happy", "happy"),
        ("情绪：开心", "happy"),
        ("emotion: angry", "angry"),
        ("happy, excited", "happy"),
        ("笑眯眯|撒娇", "coquettish"),
    ],
)
def test_near_names(text: str, emotion: Emotion) -> None:
    assert parse_tag(text) == emotion


@pytest.mark.parametrize(
    "text", ["", "1", "see page 3", "happy birthday", "开心果", "unhappyish", "a" * 5000]
)
def test_other_words_are_no_tag(text: str) -> None:
    assert parse_tag(text) is None


def test_a_tag_without_its_end() -> None:
    assert leading_tag("开心你好") == ("happy", 2)
    assert leading_tag("Happy to") == ("happy", 5)
    assert leading_tag("happyish") is None
    assert leading_tag("coquettİsh") is None
    assert begins_tag("hap")
    assert not begins_tag("hat")


@settings(deadline=None)
@given(st.text())
def test_any_text_is_a_tag_or_not(text: str) -> None:
    assert parse_tag(text) in (*EMOTIONS, None)
    leading_tag(text)
    begins_tag(text)


def test_the_first_emotion_is_as_wanted() -> None:
    for wanted in EMOTIONS:
        assert Mood("happy").settle(wanted, 100.0) == wanted


def test_joy_does_not_turn_to_anger_at_once() -> None:
    mood = Mood()
    assert mood.settle("happy", 10.0) == "happy"
    assert mood.settle("angry", 12.0) == "surprised"
    assert mood.settle("angry", 14.0) == "angry"
    assert mood.settle("happy", 16.0) == "calm"


def test_after_a_while_every_emotion_may_follow() -> None:
    mood = Mood()
    mood.settle("happy", 10.0)
    assert mood.settle("angry", 10.0 + INERTIA_S) == "angry"


def test_what_is_asked_for_twice_is_reached() -> None:
    for first, wanted in itertools.product(EMOTIONS, EMOTIONS):
        mood = Mood()
        mood.settle(first, 0.0)
        mood.settle(wanted, 1.0)
        assert mood.settle(wanted, 2.0) == wanted == mood.emotion
