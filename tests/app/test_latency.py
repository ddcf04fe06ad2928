"""Where the time of a turn went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.latency import Span, spans
from engine.trace import MILESTONES

traces = st.dictionaries(st.sampled_from(MILESTONES), st.floats(-500, 60000, allow_nan=False))


def test_each_milestone_takes_from_the_one_before() -> None:
    trace = {"speech_end": 0.0, "committed": 240.0, "asr_done": 310.5, "done": 400.0}
    assert spans(trace) == [
        Span("committed", 0.0, 240.0),
        Span("asr_done", 240.0, 310.5),
        Span("done", 310.5, 400.0),
    ]


def test_what_was_done_ahead_costs_nothing() -> None:
    assert [span.ms for span in spans({"asr_done": -80.0, "committed": 200.0})] == [0.0, 200.0]


@given(traces)
def test_no_bar_runs_backwards(trace: dict[str, float]) -> None:
    made = spans(trace)
    assert all(span.ms >= 0 for span in made)
    assert {span.milestone for span in made} == trace.keys() - {"speech_end"}
