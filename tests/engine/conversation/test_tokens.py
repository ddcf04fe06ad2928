import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.conversation.tokens import clip_tokens, count_tokens


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("你好", 2), ("hello", 2), ("hello there my friend", 6), ("我喜欢 Python。", 5), ("   ", 0)],
)
def test_counts(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_a_very_long_word_is_not_cheap() -> None:
    assert count_tokens("a" * 8000) == 1300


def test_emoji_are_not_free() -> None:
    assert count_tokens("😊" * 100) == 50


@settings(deadline=None)
@given(st.text(), st.integers(0, 30))
def test_clipping_keeps_a_beginning_that_fits(text: str, limit: int) -> None:
    clipped = clip_tokens(text, limit)
    assert text.startswith(clipped)
    assert count_tokens(clipped) <= limit
    if count_tokens(text) <= limit:
        assert clipped == text
