"""Milestones of a turn and the file they are kept in."""

from __future__ import annotations

import json
from pathlib import Path

from engine.trace import MILESTONES, TraceFile, TurnTrace


def test_times_are_ms_from_the_end_of_speech_in_order_and_first_wins() -> None:
    trace = TurnTrace(3, 1000.0)
    trace.mark("first_sample_out", 1250.0)
    trace.mark("asr_done", 1100.0)
    trace.mark("asr_done", 1900.0)
    assert trace.times() == {"speech_end": 0.0, "asr_done": 100.0, "first_sample_out": 250.0}
    assert list(trace.times()) == [name for name in MILESTONES if name in trace.times()]


def test_a_line_a_turn_with_numbers_only(tmp_path: Path) -> None:
    file = TraceFile(tmp_path / "traces.jsonl")
    for turn in (1, 2):
        file.write(TurnTrace(turn, 0.0))
    lines = (tmp_path / "traces.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [
        {"turn": 1, "speech_end": 0},
        {"turn": 2, "speech_end": 0},
    ]


def test_a_long_file_starts_anew_and_keeps_one_older(tmp_path: Path) -> None:
    path = tmp_path / "traces.jsonl"
    path.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    TraceFile(path).write(TurnTrace(1, 0.0))
    assert path.stat().st_size < 100
    assert (tmp_path / "traces.old.jsonl").exists()


def test_a_file_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    TraceFile(tmp_path / "no" / "folder.jsonl").write(TurnTrace(1, 0.0))
