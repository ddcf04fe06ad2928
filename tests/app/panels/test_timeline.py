"""The conversation as rows: from the record, and as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.panels.timeline import Edit, Row, Timeline
from engine.messages import (
    ErrorEvent,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ReplySegment,
    ReplyStart,
    ReplyText,
    ServerMessage,
    TranscriptEvent,
    TurnEvent,
)

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def entry(number: int, user: str, reply: str = "Yes.", outcome: str | None = "done") -> dict[str, Any]:
    """A turn of the record."""
    at = (NOW - timedelta(hours=1) + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": number,
        "session": "s",
        "at": at,
        "user": user,
        "reply": reply,
        "emotion": "happy" if reply else "",
        "outcome": outcome,
    }


def page(first: int, last: int) -> list[dict[str, Any]]:
    return [entry(number, f"question {number}") for number in range(last, first - 1, -1)]


def followed(rows: list[Row], edits: Sequence[Edit]) -> list[Row]:
    """What a list model makes of it."""
    for start, removed, added in edits:
        assert 0 <= start <= start + removed <= len(rows)
        rows[start : start + removed] = added
    return rows


def shown(timeline: Timeline) -> list[tuple[str, str, str]]:
    return [(row.kind, row.text, row.state) for row in timeline.rows]


def tell(timeline: Timeline, *messages: ServerMessage) -> None:
    for message in messages:
        timeline.told(message, NOW)


def test_a_page_of_the_record_from_old_to_new() -> None:
    timeline = Timeline()
    timeline.restart([entry(2, "and you?", "Fine."), entry(1, "hi", "Hello!")], timeline.end)
    assert shown(timeline) == [
        ("user", "hi", "done"),
        ("reply", "Hello!", "done"),
        ("user", "and you?", "done"),
        ("reply", "Fine.", "done"),
    ]
    assert timeline.oldest == 1
    assert {row.record for row in timeline.rows} == {1, 2}
    assert timeline.rows[1].emotion == "happy"


def test_how_turns_of_the_record_ended() -> None:
    timeline = Timeline()
    entries = [
        entry(4, "never answered", "", "error"),
        entry(3, "cut at once", "", "cancelled"),
        entry(2, "cut", "Once upon", "cancelled"),
        entry(1, "under way", "", None),
    ]
    timeline.restart(entries, timeline.end)
    assert shown(timeline) == [
        ("user", "under way", "done"),
        ("user", "cut", "done"),
        ("reply", "Once upon", "cut"),
        ("user", "cut at once", "done"),
        ("reply", "", "cut"),
        ("user", "never answered", "unanswered"),
    ]


def test_a_turn_as_it_happens() -> None:
    timeline = Timeline()
    tell(
        timeline,
        TranscriptEvent(turn=1, text="what is", revision=0, final=False),
        TranscriptEvent(turn=1, text="What is new?", revision=1),
        ReplyStart(stream=7, turn=1),
        ReplyText(stream=7, delta=" Not"),
        ReplySegment(stream=7, segment=0, text="Not much.", emotion="sad", offset=0),
        ReplySegment(stream=7, segment=1, text="Ha!", emotion="happy", offset=10),
        ReplyText(stream=7, delta=" much. "),
    )
    assert shown(timeline) == [("user", "What is new?", "done"), ("reply", "Not much. ", "open")]
    assert timeline.rows[1].emotion == "sad"
    assert timeline.knows(7)
    tell(timeline, ReplyDone(stream=7, turn=1), ReplyText(stream=7, delta="late"))
    assert shown(timeline)[1] == ("reply", "Not much.", "done")
    assert not timeline.knows(7)


def test_an_interrupted_reply_shows_what_was_heard() -> None:
    timeline = Timeline()
    tell(
        timeline,
        TranscriptEvent(turn=1, text="go on"),
        ReplyStart(stream=1, turn=1),
        ReplyText(stream=1, delta="One two three four"),
        TranscriptEvent(turn=2, text="stop"),
        ReplyCancelled(stream=1, turn=1, heard_ms=300, heard_text="One two "),
    )
    assert shown(timeline) == [
        ("user", "go on", "done"),
        ("reply", "One two", "cut"),
        ("user", "stop", "done"),
    ]


def test_a_typed_turn_waits_until_the_engine_has_taken_it() -> None:
    timeline = Timeline()
    timeline.say("first\u0007", NOW)
    timeline.say("second", NOW)
    assert [row.state for row in timeline.rows] == ["sending", "sending"]
    tell(timeline, TranscriptEvent(turn=1, text="first"))
    assert shown(timeline) == [("user", "first", "done"), ("user", "second", "sending")]
    tell(timeline, TurnEvent(turn=1, state="dropped"))
    assert timeline.rows[0].state == "unanswered"


def test_what_was_not_taken_is_given_back() -> None:
    timeline = Timeline()
    timeline.say("one", NOW)
    tell(timeline, Notice(code="n", message="By the way."))
    timeline.say("two", NOW)
    tell(timeline, TranscriptEvent(turn=1, text="spoken"), ReplyStart(stream=1, turn=1))
    rows = list(timeline.rows)
    edits, texts = timeline.give_back()
    assert texts == ["one", "two"]
    assert followed(rows, edits) == timeline.rows
    tell(timeline, ReplyText(stream=1, delta="Yes."), TranscriptEvent(turn=1, text="spoken words"))
    assert shown(timeline) == [
        ("notice", "By the way.", "done"),
        ("user", "spoken words", "done"),
        ("reply", "Yes.", "open"),
    ]
    assert timeline.give_back() == ([], [])


def test_a_lost_engine_cuts_what_was_under_way_and_counts_turns_anew() -> None:
    timeline = Timeline()
    tell(timeline, TranscriptEvent(turn=1, text="hi"), ReplyStart(stream=1, turn=1))
    tell(timeline, ReplyText(stream=1, delta="Hel"))
    timeline.lost()
    tell(timeline, ReplyText(stream=1, delta="lo"), TranscriptEvent(turn=1, text="again"))
    assert shown(timeline) == [("user", "hi", "done"), ("reply", "Hel", "cut"), ("user", "again", "done")]


def test_errors_and_notices_are_told_once() -> None:
    timeline = Timeline()
    tell(timeline, TranscriptEvent(turn=3, text="hi"), ErrorEvent(code="llm-failed", message="No.", turn=3))
    tell(timeline, Notice(code="n", message="Well."), Notice(code="n", message="Well."))
    assert shown(timeline) == [
        ("user", "hi", "unanswered"),
        ("error", "No.", "done"),
        ("notice", "Well.", "done"),
    ]


def test_older_pages_leave_the_living_rows_alive() -> None:
    timeline = Timeline()
    timeline.restart(page(11, 12), timeline.end)
    tell(timeline, TranscriptEvent(turn=1, text="now"), ReplyStart(stream=1, turn=1))
    assert timeline.older([]) == []
    timeline.older(page(1, 10))
    tell(timeline, ReplyText(stream=1, delta="Yes."), ReplyDone(stream=1, turn=1))
    assert [row.text for row in timeline.rows if row.kind == "user"] == [
        *(f"question {number}" for number in range(1, 13)),
        "now",
    ]
    assert shown(timeline)[-1] == ("reply", "Yes.", "done")
    assert timeline.oldest == 1


def test_what_came_while_the_record_was_read_stays_and_is_there_once() -> None:
    timeline = Timeline()
    since = timeline.end
    timeline.say("quick", NOW)
    tell(timeline, TranscriptEvent(turn=1, text="quick"), ReplyStart(stream=1, turn=1))
    timeline.restart([entry(3, "quick", "", None), entry(2, "old")], since)
    tell(timeline, ReplyText(stream=1, delta="Here."))
    assert shown(timeline) == [
        ("user", "old", "done"),
        ("reply", "Yes.", "done"),
        ("user", "quick", "done"),
        ("reply", "Here.", "open"),
    ]


def test_what_was_forgotten_is_gone_and_nothing_moves_if_nothing_was() -> None:
    timeline = Timeline()
    timeline.restart(page(1, 3), timeline.end)
    timeline.told(Notice(code="n", message="By the way."), NOW - timedelta(seconds=3596.5))
    tell(timeline, TranscriptEvent(turn=1, text="question 4"), ReplyStart(stream=1, turn=1))
    tell(timeline, ReplyText(stream=1, delta="Yes."), ReplyDone(stream=1, turn=1))
    kept = page(1, 4)
    assert timeline.restart(kept, timeline.end) == []
    del kept[2]
    timeline.restart(kept, timeline.end)
    assert [row.text for row in timeline.rows if row.kind == "user"] == [
        "question 1",
        "question 3",
        "question 4",
    ]
    assert ("notice", "By the way.", "done") in shown(timeline)
    timeline.restart([], timeline.end)
    assert shown(timeline) == [("notice", "By the way.", "done")]
    assert timeline.oldest is None


MESSAGES = st.one_of(
    st.builds(TranscriptEvent, turn=st.integers(1, 4), text=st.sampled_from(["", "a", "b", "c"])),
    st.builds(ReplyStart, stream=st.integers(1, 4), turn=st.integers(1, 4)),
    st.builds(ReplyText, stream=st.integers(1, 4), delta=st.text(max_size=3)),
    st.builds(ReplyDone, stream=st.integers(1, 4), turn=st.integers(1, 4)),
    st.builds(
        ReplyCancelled,
        stream=st.integers(1, 4),
        turn=st.integers(1, 4),
        heard_ms=st.just(1.0),
        heard_text=st.text(max_size=3),
    ),
    st.builds(TurnEvent, turn=st.integers(1, 4), state=st.just("dropped")),
    st.builds(Notice, code=st.just("n"), message=st.sampled_from(["x", "y"])),
    st.builds(ErrorEvent, code=st.just("e"), message=st.just("z"), turn=st.integers(1, 4)),
)
STEPS = st.one_of(
    st.tuples(st.just("told"), MESSAGES),
    st.tuples(st.just("say"), st.sampled_from(["a", "b", "c"])),
    st.tuples(st.sampled_from(["lost", "give back"]), st.none()),
    st.tuples(st.just("older"), st.integers(0, 5)),
    st.tuples(st.just("restart"), st.tuples(st.integers(0, 5), st.integers(-3, 0))),
)


@given(st.lists(STEPS, max_size=40))
def test_whatever_happens_a_list_that_follows_the_edits_has_the_same_rows(
    steps: list[tuple[str, Any]],
) -> None:
    timeline, followers = Timeline(), list[Row]()
    oldest = 1000
    for kind, what in steps:
        match kind:
            case "told":
                edits = timeline.told(what, NOW)
            case "say":
                edits = timeline.say(what, NOW)
            case "lost":
                edits = timeline.lost()
            case "give back":
                edits, texts = timeline.give_back()
                assert len(texts) == len(edits)
            case "older":
                edits = timeline.older(page(oldest - what, oldest - 1))
                oldest -= what
            case _:
                count, before = what
                since = max(timeline.end + before, -(len(timeline.rows) - timeline.end))
                edits = timeline.restart(page(1000, 999 + count), since)
        assert followed(followers, edits) == timeline.rows
    assert all(row.state != "sending" or row.kind == "user" for row in timeline.rows)
    timeline.lost()
    timeline.give_back()
    assert all(row.state not in ("sending", "open") for row in timeline.rows if row.kind != "user")
