"""Memories as the panel has them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.panels.memory_book import Drafts, Entry, entries_of, kept

FACT = Entry("fact:3", "fact", "You live in Lyon.", "2026-03-01T18:04:09Z")
OLD = Entry("fact:2", "fact", "You live in Paris.", "2026-02-01T18:04:09Z", until="2026-03-01T18:04:09Z")
NOTE = Entry("note:1", "note", "Call me Captain.", "2026-01-01T18:04:09Z", pinned=True)
SAID = Entry("turn:9", "turn", "I live in Lyon.", "2026-03-01T18:04:09Z")
ALL = [SAID, FACT, OLD, NOTE]


def test_an_answer_of_the_engine_is_read() -> None:
    answer = {
        "id": "fact:31",
        "kind": "fact",
        "text": "You live in Lyon.",
        "at": "2026-03-01T18:04:09Z",
        "until": None,
        "slot": "home",
        "value": "Lyon",
        "pinned": True,
        "turns": [814],
    }
    assert entries_of([answer]) == [
        Entry("fact:31", "fact", "You live in Lyon.", "2026-03-01T18:04:09Z", None, True)
    ]
    assert entries_of([answer])[0].number == 31


def test_filters_keep_what_they_say() -> None:
    assert kept(ALL, "all") == ALL
    assert kept(ALL, "pinned") == [NOTE]
    assert kept(ALL, "facts") == [FACT]
    assert kept(ALL, "notes") == [NOTE]
    assert kept(ALL, "past") == [OLD]


@given(st.text(), st.text())
def test_a_draft_is_there_exactly_while_it_differs(text: str, saved: str) -> None:
    drafts = Drafts()
    drafts.write("fact:1", text, saved)
    assert drafts.texts == ({} if text == saved else {"fact:1": text})


def test_what_was_written_while_it_was_saved_is_still_a_draft() -> None:
    drafts = Drafts({"fact:1": "one two"})
    drafts.saved("fact:1", "one")
    assert drafts.texts == {"fact:1": "one two"}
    drafts.saved("fact:1", "one two")
    assert drafts.texts == {}
