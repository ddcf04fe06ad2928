"""The parser on whole replies, on every way of cutting them, and on nonsense."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.reply import ReplyEvent, ReplyParser

Run = tuple[str, bool, str]


def parse(*pieces: str) -> list[Run]:
    """Text, voiced and emotion of each run; runs that differ in nothing are joined."""
    parser = ReplyParser()
    events: list[ReplyEvent] = []
    for piece in pieces:
        events += parser.feed(piece)
    events += parser.finish()
    runs: list[Run] = []
    for event in events:
        if runs and runs[-1][1:] == (event.voiced, event.emotion):
            runs[-1] = (runs[-1][0] + event.text, event.voiced, event.emotion)
        else:
            runs.append((event.text, event.voiced, event.emotion))
    return runs


def shown(*pieces: str) -> str:
    return "".join(text for text, _, _ in parse(*pieces))


@pytest.mark.parametrize(
    ("reply", "runs"),
    [
        ("你好", [("你好", True, "calm")]),
        ("[开心] 你好！", [("你好！", True, "happy")]),
        ("【生气】哼！[sad]Bye", [("哼！", True, "angry"), ("Bye", True, "sad")]),
        ("［惊讶］啊", [("啊", True, "surprised")]),
        ("[开心】你好", [("你好", True, "happy")]),
        ("(开心)好", [("好", True, "happy")]),
        ("[开心][开心]好[开心]的", [("好的", True, "happy")]),
        ("I am [happy] today", [("I am", True, "calm"), (" today", True, "happy")]),
        ("Hi![sad]Bye", [("Hi!", True, "calm"), (" Bye", True, "sad")]),
        ("[sad] No. [wobbly] No", [("No. No", True, "sad")]),
        ("[开心你好呀朋友。", [("你好呀朋友。", True, "happy")]),
        ("你好！[开心] 再见", [("你好！", True, "calm"), ("再见", True, "happy")]),
        ("a\n[wobbly] b", [("a\nb", True, "calm")]),
        ("你好。[开", [("你好。", True, "calm")]),
        ("[happy", []),
    ],
)
def test_tags(reply: str, runs: list[Run]) -> None:
    assert parse(reply) == runs


@pytest.mark.parametrize(
    "reply",
    [
        "a[0] is [1], [see page 3] and I [mostly] agree",
        "Paris (France) is (of course) nice",
        "我去上班（坐地铁）了",
        "2 * 3 = 6, 2*3 and 2**3",
        "snake_case_",
        "好嘛~~你呢",
        "-5 degrees, a-b, C# and <3",
        "price* is",
        "a [never closed bracket",
    ],
)
def test_text_that_only_looks_like_markup(reply: str) -> None:
    assert parse(reply) == [(reply, True, "calm")]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("*really* **bold** ***both*** _em_ __b__ ~~gone~~", "really bold both em b gone"),
        ("**重点**是*这个*吧", "重点是这个吧"),
        ("# Title\n- one\n* two\n> three\n---\n1. four", "Title\none\ntwo\nthree\n\n1. four"),
        ("**Walks** are nice", "Walks are nice"),
        ("  a   b \n\n\n c  ", "a b\n\nc"),
        ("*note\nb* c", "note\nb* c"),
        ("bell\x07 and \ud800half", "bell and half"),
    ],
)
def test_marks_of_markdown_are_not_shown(reply: str, text: str) -> None:
    assert parse(reply) == [(text, True, "calm")]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("*waves* Hi (laughs) there", "Hi there"),
        ("（微笑）你好（笑）", "你好"),
        ("**laughs softly** ok", "ok"),
        ("[点头]好", "好"),
        ("*tucks her hair back* hi", "hi"),
    ],
)
def test_stage_directions_are_not_shown(reply: str, text: str) -> None:
    assert parse(reply) == [(text, True, "calm")]


@pytest.mark.parametrize(
    "reply",
    [
        "<think>[sad] hm\n</think>\n\n[happy] Hi",
        "<THINKING>a</Thinking>[happy]Hi",
        "</think>[happy]Hi",
        "[happy]<think>a < b</think>Hi",
    ],
)
def test_thinking_is_not_shown(reply: str) -> None:
    assert parse(reply) == [("Hi", True, "happy")]


def test_thinking_without_an_end_is_not_shown() -> None:
    assert parse("<think>never ends [happy]") == []


@pytest.mark.parametrize(
    ("reply", "silent", "voiced"),
    [
        ("use `x = 1` now", "x = 1", "use  now"),
        ("see https://a.b/c_(d)?x=1,2. ok", "https://a.b/c_(d)?x=1,2", "see . ok"),
        ("看https://a.b，好", "https://a.b", "看，好"),
        ("WWW.x.com!", "WWW.x.com", "!"),
        ("a\n```py\nx = [1]\n```\nb", "x = [1]\n", "a\n\nb"),
        ("hi (^_^)", "(^_^)", "hi "),
    ],
)
def test_code_addresses_and_faces_are_shown_only(reply: str, silent: str, voiced: str) -> None:
    runs = parse(reply)
    assert "".join(text for text, sound, _ in runs if not sound) == silent
    assert "".join(text for text, sound, _ in runs if sound) == voiced


def test_a_link_shows_its_words_and_its_address() -> None:
    assert shown("see [the docs](https://a.b/c) now") == "see the docs (https://a.b/c) now"
    assert shown("[docs](https://a.b) x") == "docs (https://a.b) x"


def test_emoji_are_shown() -> None:
    assert parse("好😊[开心]") == [("好😊", True, "calm")]


def test_the_running_mood_is_the_start() -> None:
    parser = ReplyParser("sad")
    parser.feed("[wobbly] oh")
    assert parser.emotion == "sad"


@pytest.mark.parametrize("opener", ["[", "【", "（", "(", "*", "`", "<"])
def test_nothing_never_closed_stalls_the_stream(opener: str) -> None:
    parser = ReplyParser()
    seen = parser.feed("hello " + opener)
    for _ in range(100):
        seen += parser.feed("啊")
    assert "啊" in "".join(event.text for event in seen)


def test_text_is_shown_at_once() -> None:
    parser = ReplyParser()
    assert [event.text for event in parser.feed("[happy] Hello there. I")] == ["Hello there. I"]
    assert [event.text for event in parser.feed(" am")] == [" am"]


@pytest.mark.parametrize(
    "reply",
    [
        "``a`b`` c ```d``e``` `f``",
        "```" + "l" * 24 + "\nx = 1\n```",
        "```" + "l" * 25 + "\nx = 1\n``` [happy] ok",
        "<think>a</thinking>b<thinking></think>c <thinks> <think",
        "(o.o) (T_T) (^_^) (" + "^" * 11 + ") (" + "^" * 13 + ")",
        "(laughs " + "a" * 72 + ") (laughs " + "a" * 73 + ")",
        "（笑着" + "好" * 21 + "）（笑着" + "好" * 22 + "）",
        "[" + "a" * 24 + "] [" + "a" * 25 + "] [happy" + " " * 19 + "]",
        "*waves " + "a" * 72 + "* *waves " + "a" * 74 + "* **********a*",
        "http://a" + "." * 16 + "b" + "." * 17 + "c xhttp://a (https://b.c).",
        "x" * 252 + "，https://a.b",
        "[docs](https://a.b)[happy](laughs)[docs](x)",
    ],
)
def test_the_edges_of_every_look_ahead(reply: str) -> None:
    whole = parse(reply)
    assert parse(*reply) == whole
    for cut in range(len(reply)):
        assert parse(reply[:cut], reply[cut:]) == whole


ATOMS = st.sampled_from(
    """[开心] [happy] 【sad】 [wob] [1] [ ] ［ 】 ( ) （ ） * ** *** _ __ ~ ~~ ` ``` ```py < > # - +
    <think> </think> http https:// www. a.b/c h w ht laughs waves 笑 微笑 (笑) *nods* (laughs) T_T ^_^ 开心
    happy 3.14 1,000 10:30 e.g. Mr. U.S. 😊 👨‍👩‍👧 \u200d \ufe0f 🇫🇷 1️⃣ 你 好 \x00 \x1b
    。 ， ！ ？ … ： “ ” 「 」 " ' . , ! ? : ; — ～""".split()
)
LONG = st.sampled_from([" ", "\n", "\n\n", "- ", "word " * 30, "汉" * 30, "x" * 90, "\ud800", " a"])
REPLIES = st.lists(st.one_of(ATOMS, LONG, st.characters()), max_size=40).map("".join)


@settings(deadline=None, max_examples=400)
@given(REPLIES, st.data())
def test_the_cut_into_pieces_does_not_matter(reply: str, data: st.DataObject) -> None:
    whole = parse(reply)
    assert parse(*reply) == whole
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=6)))
    pieces = [reply[start:end] for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    assert parse(*pieces) == whole


@settings(deadline=None, max_examples=300)
@given(REPLIES)
def test_shown_text_holds_only_what_was_written(reply: str) -> None:
    text = shown(reply)
    written = iter(reply)
    assert all(character in written for character in text if not character.isspace() and character != "(")
    assert text == text.strip() or "`" in reply
    text.encode()


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(["[开心]", "[SAD]", "【生气】", "好。", "Yes! ", "好，", "\n", "and ", "😊"]),
        max_size=20,
    )
)
def test_a_tag_is_never_shown(parts: list[str]) -> None:
    assert re.search(r"[\[【\]】]|开心|SAD|生气", shown(*parts)) is None


@pytest.mark.parametrize(
    "hostile", ["[", "*", "`", "(laughs ", "<", "（", "http://a...", "看https://a.b，", "```\n", " \n"]
)
def test_a_hostile_megabyte_is_parsed_piece_by_piece(hostile: str) -> None:
    reply = hostile * (100_000 // len(hostile))
    parser = ReplyParser()
    length = 0
    for start in range(0, len(reply), 7):
        length += sum(len(event.text) for event in parser.feed(reply[start : start + 7]))
        assert len(parser._held) < 200  # what is kept back stays small, so feeding stays cheap
    length += sum(len(event.text) for event in parser.finish())
    assert length <= len(reply) + 2
