"""Finding words in the conversation."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.panels.finding import matches, places
from app.panels.timeline import Row

AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_upper_and_lower_case_are_the_same() -> None:
    assert places("Tea, TEA and tea", "tEa") == [0, 5, 13]
    assert places("喝茶喝茶", "茶") == [1, 3]
    assert places("İstanbul tea", "tea") == [9]
    assert places("any", "") == []


def test_only_what_was_said_is_searched() -> None:
    rows = [
        Row(kind="user", text="Tea?", at=AT),
        Row(kind="notice", text="tea", at=AT),
        Row(kind="reply", text="Green tea.", at=AT),
        Row(kind="error", text="tea", at=AT),
    ]
    assert matches(rows, "tea") == [0, 2]
    assert matches(rows, "coffee") == matches(rows, "") == []


@given(st.text(max_size=40), st.text(min_size=1, max_size=4))
def test_what_is_found_is_there(text: str, needle: str) -> None:
    for place in places(text + needle + text, needle):
        assert len(places((text + needle + text)[place : place + len(needle)], needle)) == 1
    assert places(text + needle + text, needle)
