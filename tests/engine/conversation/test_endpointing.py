"""Endpointing over scripted frame probabilities (32 ms frames)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.conversation.endpointing import Endpointer, EndpointEvent

FRAME = 512


def run(
    probabilities: list[float], *, end_silence_ms: int = 320, min_speech_ms: int = 64
) -> list[EndpointEvent]:
    endpointer = Endpointer(threshold=0.5, min_speech_ms=min_speech_ms, end_silence_ms=end_silence_ms)
    events: list[EndpointEvent] = []
    for index, probability in enumerate(probabilities):
        events += endpointer.process(index * FRAME, FRAME, probability)
    return events


def test_an_utterance_begins_at_its_first_voiced_frame_and_ends_at_its_last() -> None:
    events = run([0, 0, 0.9, 0.9, 0.9] + [0.0] * 12)
    assert events == [
        EndpointEvent("started", 2 * FRAME),
        EndpointEvent("paused", 5 * FRAME),
        EndpointEvent("ended", 5 * FRAME),
    ]


def test_a_click_is_not_speech() -> None:
    assert run([0, 0.9] + [0.0] * 20) == []


def test_clicks_far_apart_do_not_add_up() -> None:
    assert run(([0.9] + [0.0] * 10) * 5, min_speech_ms=96) == []


def test_a_pause_inside_a_turn_is_resumed() -> None:
    kinds = [event.kind for event in run([0.9] * 5 + [0.0] * 6 + [0.9] * 5 + [0.0] * 12)]
    assert kinds == ["started", "paused", "resumed", "paused", "ended"]


def test_soft_word_ends_keep_the_turn_open() -> None:
    assert [event.kind for event in run([0.9] * 3 + [0.4] * 30)] == ["started"]


def test_ends_after_the_silence_asked_for() -> None:
    for silence_ms in (200, 700, 1500):
        frames_until_end = -(-silence_ms * 16 // FRAME)
        assert run([0.9] * 4 + [0.0] * (frames_until_end - 1), end_silence_ms=silence_ms)[-1].kind != "ended"
        assert run([0.9] * 4 + [0.0] * frames_until_end, end_silence_ms=silence_ms)[-1].kind == "ended"


@given(st.lists(st.floats(0, 1), max_size=200))
def test_events_alternate_and_never_go_back(probabilities: list[float]) -> None:
    allowed = {
        None: {"started"},
        "started": {"paused", "ended"},
        "paused": {"resumed", "ended"},
        "resumed": {"paused", "ended"},
        "ended": {"started"},
    }
    last: str | None = None
    offset = 0
    for event in run(probabilities):
        assert event.kind in allowed[last]
        assert event.offset >= offset or event.kind in ("paused", "ended")
        last, offset = event.kind, event.offset
