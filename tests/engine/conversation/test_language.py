"""Telling the language of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.conversation.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello there", "en"),
        ("你好", "zh"),
        ("我喜欢 Python 和 jazz", "zh"),
        ("My friend is called 小明", "en"),
        ("C", "en"),
        ("嗯", "zh"),
    ],
)
def test_the_language_of_most_words_counts(text: str, language: str) -> None:
    assert language_of(text) == language


def test_a_text_without_words_takes_the_default() -> None:
    assert language_of("123 !?", "zh") == "zh"
    assert language_of("😀", "en") == "en"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in ("zh", "en")
