from __future__ import annotations

from engine.client.lost import Running
from engine.messages import (
    ErrorEvent,
    Flush,
    Mark,
    Playback,
    ReplyCancelled,
    ReplyDone,
    ReplyMarks,
    ReplySegment,
    ReplyStart,
    ServerMessage,
    SpeechAudio,
    State,
    TurnEvent,
    VadEvent,
)

RATE = 1000


def running(*messages: ServerMessage) -> Running:
    known = Running(RATE)
    for message in messages:
        known.told(message)
    return known


REPLY = (
    TurnEvent(turn=1, state="committed"),
    State(state="thinking"),
    ReplyStart(stream=3, turn=1),
    ReplySegment(stream=3, segment=0, text="Hello", emotion="calm", offset=0),
    ReplyMarks(stream=3, segment=0, marks=tuple(Mark(end, 100 * end) for end in range(1, 6))),
    SpeechAudio(stream=3, sequence=0, offset=0, pcm=bytes(1000)),
)


def test_a_reply_ends_where_it_was_heard_last() -> None:
    known = running(*REPLY, State(state="speaking"))
    known.played(Playback(stream=2, played=500))
    known.played(Playback(stream=3, played=350))
    assert known.end() == [
        Flush(stream=3),
        ReplyCancelled(stream=3, turn=1, heard_ms=350.0, heard_text="Hel"),
        State(state="idle"),
    ]
    assert known.end() == []


def test_a_turn_without_a_reply_is_dropped() -> None:
    known = running(TurnEvent(turn=4, state="committed"), State(state="thinking"))
    assert known.end() == [TurnEvent(turn=4, state="dropped"), State(state="idle")]


def test_what_has_ended_is_not_ended_again() -> None:
    assert running(*REPLY, ReplyDone(stream=3, turn=1), State(state="idle")).end() == []
    assert running(TurnEvent(turn=1, state="committed"), ErrorEvent(code="c", message="", turn=1)).end() == []
    assert running(TurnEvent(turn=1, state="committed"), TurnEvent(turn=1, state="dropped")).end() == []
    assert running(VadEvent(speech=True, offset=0), VadEvent(speech=False, offset=9)).end() == []


def test_an_open_utterance_ends() -> None:
    known = running(VadEvent(speech=True, offset=5), State(state="listening"))
    assert known.end() == [VadEvent(speech=False, offset=0), State(state="idle")]


def test_a_host_that_contradicts_itself_does_no_harm() -> None:
    known = running(*REPLY, *REPLY[3:])
    assert len(known.end()) == 3
