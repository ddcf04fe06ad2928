import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.characters import (
    UNPRINTABLE,
    is_cjk,
    is_latin,
    is_whole,
    whole_clusters,
    whole_words,
)

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize("character", ["你", "の", "カ", "한", "𠮷", "々"])
def test_scripts_without_spaces(character: str) -> None:
    assert is_cjk(character)
    assert not is_latin(character)


@pytest.mark.parametrize("character", ["a", "é", "ж", "7"])
def test_scripts_with_spaces(character: str) -> None:
    assert is_latin(character)
    assert not is_cjk(character)


@pytest.mark.parametrize("character", ["", " ", "，", "-", "😊"])
def test_neither(character: str) -> None:
    assert not is_latin(character)
    assert not is_cjk(character)


@pytest.mark.parametrize(
    "picture", [FAMILY, "👍🏽", "❤️", "🇫🇷", "1️⃣", "e\u0301", "🏴\U000e0067\U000e0062\U000e007f"]
)
def test_a_picture_is_never_cut(picture: str) -> None:
    text = f"a{picture}b"
    whole = [end for end in range(len(text) + 1) if is_whole(text, end)]
    assert whole == [0, 1, len(text) - 1, len(text)]
    assert {whole_clusters(text, end) for end in range(len(text) + 1)} == set(whole)


def test_two_flags_are_two_pictures() -> None:
    assert [end for end in range(5) if is_whole("🇫🇷🇩🇪", end)] == [0, 2, 4]


@pytest.mark.parametrize(
    ("text", "end", "whole"),
    [
        ("hello world", 8, 6),
        ("hello world", 5, 5),
        ("I don't know", 5, 2),
        ("I don't know", 6, 2),
        ("你好世界", 3, 3),
        ("我喜欢Python", 5, 3),
        (f"好{FAMILY}", 3, 1),
        ("hello", 99, 5),
        ("hello", -1, 0),
        ("", 0, 0),
    ],
)
def test_whole_words(text: str, end: int, whole: int) -> None:
    assert whole_words(text, end) == whole


@settings(deadline=None)
@given(st.text(), st.integers(-3, 50))
def test_cutting_back_never_goes_forward_and_is_stable(text: str, end: int) -> None:
    for cut in (whole_clusters, whole_words):
        found = cut(text, min(end, len(text)))
        assert 0 <= found <= max(0, min(end, len(text)))
        assert cut(text, found) == found


def test_unprintable_keeps_what_is_seen() -> None:
    assert UNPRINTABLE.sub("", "a\0b\x1b\ud800\u202ec\n\t你😊\u200d") == "abc\n\t你😊\u200d"
