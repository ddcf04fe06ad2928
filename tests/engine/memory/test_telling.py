import pytest

from engine.memory.fact_rules import fact_rules
from engine.memory.telling import Telling, without_quotes

EN = fact_rules("en").guard
ZH = fact_rules("zh").guard


def told(text: str, words: str, guard=EN) -> bool:
    start = text.index(words)
    return Telling(text, guard).is_told(start, start + len(words))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i live in paris", True),
        ("so, i live in paris, you know?", True),
        ("did you know that i live in paris?", True),
        ("i think i live in paris", True),
        ("i was born in rome but i live in paris", True),
        ("do you think i live in paris", False),
        ("i live in paris?", False),
        ("if only i live in paris", False),
        ("she said i live in paris", False),
        ("people told me i live in paris", False),
    ],
)
def test_english_clauses(text, expected):
    assert told(text, "i live in paris") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我住在巴黎", True),
        ("你知道吗我住在巴黎", True),
        ("我住在巴黎，你呢？", True),
        ("我住在巴黎吗", False),
        ("如果我住在巴黎", False),
        ("老师说我住在巴黎", False),
        ("我梦见我住在巴黎", False),
    ],
)
def test_chinese_clauses(text, expected):
    assert told(text, "我住在巴黎", ZH) is expected


def test_a_joke_takes_the_whole_turn_back_unless_it_is_denied():
    assert Telling("i am a king. just kidding", EN).in_fun
    assert not Telling("i’m not kidding, i am a king", EN).in_fun
    assert Telling("我是国王，开玩笑的", ZH).in_fun
    assert not Telling("我没开玩笑", ZH).in_fun


def test_quoted_speech_is_blanked_and_a_quoted_name_is_not():
    text = 'He said "I am a doctor" to "Bob".'
    assert without_quotes(text) == 'He said                 to "Bob".'
    assert len(without_quotes(text)) == len(text)
    assert without_quotes("他说“我住在巴黎”") == "他说       "
