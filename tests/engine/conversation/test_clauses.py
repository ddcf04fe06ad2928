"""The splitter, fed by the real parser."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.characters import is_whole
from engine.conversation.clauses import (
    FIRST_TOKENS,
    MAX_CHARACTERS,
    MAX_TOKENS,
    SOFT_TOKENS,
    Clause,
    ClauseSplitter,
)
from engine.conversation.reply import ReplyEvent, ReplyParser


def split(*pieces: str) -> tuple[list[Clause], str]:
    """The clauses of a reply, and its shown text."""
    parser, splitter = ReplyParser(), ClauseSplitter()
    clauses: list[Clause] = []
    text = ""
    for events in (*map(parser.feed, pieces), parser.finish()):
        for event in events:
            text += event.text
            clauses += splitter.feed(event)
    return clauses + splitter.finish(), text


def texts(*pieces: str) -> list[str]:
    return [clause.text for clause in split(*pieces)[0]]


@pytest.mark.parametrize(
    ("reply", "clauses"),
    [
        ("你好呀，很高兴见到你！今天好吗？", ["你好呀，很高兴见到你！", "今天好吗？"]),
        ("很高兴见到你，朋友！", ["很高兴见到你，", "朋友！"]),
        ("Hello there, my friend! I am here.", ["Hello there,", " my friend!", " I am here."]),
        ("我喜欢 Python，你呢朋友？", ["我喜欢 Python，", "你呢朋友？"]),
        ("Bring exactly 10,000 apples, please.", ["Bring exactly 10,000 apples,", " please."]),
        ("大约需要一共10，000个，好吗？", ["大约需要一共10，000个，", "好吗？"]),
        ("Yes.", ["Yes."]),
        ("", []),
    ],
)
def test_the_first_clause_is_early(reply: str, clauses: list[str]) -> None:
    assert texts(reply) == clauses


@pytest.mark.parametrize(
    "sentence",
    [
        "Pi is about 3.14 and costs $1,000.50 at 10:30 a.m. here!",
        "Now Dr. Smith met J. K. Rowling of the U.S. and, e.g. Ph.D. students!",
        "Please open example.com or v1.2.3 of it!",
        "他说：“我今天真的很开心呀！”",
        'She said "I am so very happy today!!"',
        "真的是太好了……！？",
        "我们一家三口都很好！👨‍👩‍👧",
        "Well, that is it... ",
    ],
)
def test_a_later_sentence_is_one_clause(sentence: str) -> None:
    assert texts("很高兴见到你，" + sentence + "然后我们走。")[1] == sentence.strip()


def test_an_address_is_never_split() -> None:
    assert texts("看看 https://a.b/c?x=1,2.3!x 这个链接吧，好。")[0].endswith("这个链接吧，")


def test_a_list_is_said_line_by_line() -> None:
    assert texts("1. Tea\n2. Milk\n3. Juice") == ["1. Tea", "\n2. Milk", "\n3. Juice"]


def test_short_sentences_are_joined() -> None:
    assert texts("很高兴见到你，好。嗯。是的呀。") == ["很高兴见到你，", "好。嗯。是的呀。"]


def test_a_lone_quotation_mark_ends_with_its_line() -> None:
    assert texts('It is about 5" wide\nNice one today."Go on" then.')[1:] == [
        "\nNice one today.",
        '"Go on" then.',
    ]


def test_a_new_emotion_starts_a_clause() -> None:
    clauses, _ = split("[happy]Hi![sad]Bye[sad] now. [angry]")
    assert [(clause.text, clause.emotion) for clause in clauses] == [("Hi!", "happy"), (" Bye now.", "sad")]


def test_without_pause_marks_tokens_are_the_bound() -> None:
    long = texts("很" * 200)
    assert [len(text) for text in long] == [
        FIRST_TOKENS,
        MAX_TOKENS,
        MAX_TOKENS,
        200 - FIRST_TOKENS - 2 * MAX_TOKENS,
    ]
    words = texts("word " * 100)
    assert [text.split().count("word") for text in words] == [FIRST_TOKENS, 100 - FIRST_TOKENS]


def test_a_forced_end_leaves_an_opening_quote_to_what_follows() -> None:
    assert texts("word " * 24 + "“then more” ok")[1] == " “then more” ok"


def test_a_long_sentence_ends_at_a_pause() -> None:
    clauses = texts("很高兴见到你，" + "很" * (SOFT_TOKENS - 1) + "，好，" + "很" * 20 + "。")
    assert [len(text) for text in clauses[1:]] == [SOFT_TOKENS + 2, 21]


@pytest.mark.parametrize(
    ("start", "end"),
    [("很高兴见到你", "，"), ("很高兴见到你", "！"), ("Nice to see you", ","), ("很高兴，见到了", "。")],
)
def test_the_first_clause_needs_no_look_ahead(start: str, end: str) -> None:
    splitter = ClauseSplitter()
    assert splitter.feed(ReplyEvent(start, True, "calm")) == []
    assert [clause.text for clause in splitter.feed(ReplyEvent(end, True, "calm"))] == [start + end]


def test_a_later_clause_is_released_one_character_late() -> None:
    splitter = ClauseSplitter()
    splitter.feed(ReplyEvent("很高兴见到你，", True, "calm"))
    assert splitter.feed(ReplyEvent("我们走吧！", True, "calm")) == []
    assert [clause.text for clause in splitter.feed(ReplyEvent("好", True, "calm"))] == ["我们走吧！"]


def test_a_second_mark_is_shown_and_not_spoken() -> None:
    clauses, _ = split("太好了真的呀！！走吧我们。")
    assert [(clause.text, clause.spoken) for clause in clauses] == [
        ("太好了真的呀！", "太好了真的呀！"),
        ("！走吧我们。", "走吧我们。"),
    ]


def test_code_is_shown_with_what_follows_it() -> None:
    clauses, _ = split("Here you are:\n```\nprint(1.5)\n```\nDone.")
    assert [clause.spoken for clause in clauses] == ["Here you are:", "Done."]
    assert clauses[1].text == "\nprint(1.5)\n\nDone."


def test_a_clause_of_code_is_bounded() -> None:
    clauses, text = split("```\n" + "x = 1\n" * 1000 + "```")
    assert max(len(clause.text) for clause in clauses) <= MAX_CHARACTERS
    assert all(clause.spoken == "" for clause in clauses)
    assert "".join(clause.text for clause in clauses) == text


def test_a_bounded_clause_does_not_cut_a_picture() -> None:
    reply = "```\nx" + "👨‍👩‍👧" * 500 + "```"
    clauses, text = split(reply)
    assert len(clauses) == 3
    assert is_whole(text, len(clauses[0].text))
    assert split(*reply)[0] == clauses


@pytest.mark.parametrize("tail", ["很" * 90, "word " * 9, "。”）”）”）好", "3.14159", "，好"])
def test_the_bound_does_not_depend_on_the_cut(tail: str) -> None:
    for silent in range(MAX_CHARACTERS - 12, MAX_CHARACTERS + 2):
        reply = "很高兴见到你，```\n" + "x" * silent + "```" + tail * 2
        assert split(*reply)[0] == split(reply)[0]


def test_spoken_positions_become_text_positions() -> None:
    clause = split("Hi 😊 you")[0][0]
    assert clause.spoken == "Hi you"
    assert [clause.text_end(end) for end in (0, 1, 2, 3, 6, 99)] == [0, 1, 2, 3, 8, 8]
    assert split("😊")[0][0].text_end(1) == 0


ATOMS = st.sampled_from(
    """[开心] [happy] 【sad】 [wob] ( ) （ ） * ` https://a.b/c. 3.14 1,000 10:30 e.g. Mr. U.S. 你 好 happy 7
    😊 👨‍👩‍👧 \u200d \ufe0f 🇫🇷 🇫 1️⃣ 。 ， ！ ？ … ： “ ” 「 」 " ' . , ! ? : ; — ～ - _ 。” !" ... """.split()
)
LONG = st.sampled_from(
    [" ", "\n", "word " * 30, "汉" * 30, "`" + "x\u200d" * 40 + "`", " a", "很高兴见到你"],
)
REPLIES = st.lists(st.one_of(ATOMS, LONG, st.characters()), max_size=40).map("".join)


@settings(deadline=None, max_examples=400)
@given(REPLIES, st.data())
def test_any_reply_however_it_is_cut(reply: str, data: st.DataObject) -> None:
    clauses, text = split(reply)
    assert "".join(clause.text for clause in clauses) == text
    assert split(*reply)[0] == clauses
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=6)))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    assert split(*pieces)[0] == clauses


@settings(deadline=None, max_examples=300)
@given(REPLIES)
def test_every_clause_is_sound(reply: str) -> None:
    clauses, _ = split(reply)
    for clause in clauses:
        assert clause.text
        assert len(clause.text) <= MAX_CHARACTERS + 100
        assert len(clause.spoken) == len(clause.spoken_to_text)
        assert all(0 < end <= len(clause.text) for end in clause.spoken_to_text)
    for clause, following in pairwise(clauses):
        inside_number = clause.text[-1].isdigit() and following.text[0].isdigit()
        assert not inside_number or clause.emotion != following.emotion


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(["👨‍👩‍👧", "🇫🇷", "👍🏽", "❤️", "好", "走吧我们。", "！", "Nice one!", " "]),
        max_size=40,
    ).map("".join)
)
def test_a_picture_is_never_cut(reply: str) -> None:
    clauses, text = split(reply)
    place = 0
    for clause in clauses:
        place += len(clause.text)
        assert is_whole(text, place)
