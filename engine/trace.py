"""The milestones of one turn, in ms from the end of the user's speech, and the file they are kept in."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Literal, get_args

log = logging.getLogger(__name__)

Milestone = Literal[
    "speech_end",
    "pause_detected",
    "committed",
    "asr_done",
    "recall_done",
    "llm_first_token",
    "first_clause",
    "tts_first_chunk",
    "first_sample_out",
    "done",
]
MILESTONES: tuple[Milestone, ...] = get_args(Milestone)

_MAX_FILE_BYTES = 4 * 1024 * 1024


class TurnTrace:
    """When each milestone of one turn was first reached. Times come in from the caller's clock."""

    def __init__(self, turn: int, speech_end_ms: float) -> None:
        self.turn = turn
        self._zero_ms = speech_end_ms
        self._at: dict[str, float] = {"speech_end": 0.0}

    def mark(self, milestone: Milestone, now_ms: float) -> None:
        """Notes the first time `milestone` is reached; later calls change nothing."""
        self._at.setdefault(milestone, round(now_ms - self._zero_ms, 3))

    def times(self) -> dict[str, float]:
        """ms from the end of speech, in the order of MILESTONES; those not reached are absent."""
        return {name: self._at[name] for name in MILESTONES if name in self._at}


class TraceFile:
    """Appends traces as JSON lines: numbers only, never a word that was said. Starts anew at 4 MiB, keeping
    one older file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, trace: TurnTrace) -> None:
        """Blocks for a file write; a file that cannot be written is logged and costs nothing else."""
        try:
            if self._path.exists() and self._path.stat().st_size > _MAX_FILE_BYTES:
                self._path.replace(self._path.with_suffix(".old.jsonl"))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"turn": trace.turn, **trace.times()}) + "\n")
        except OSError as error:
            log.info("turn trace not written: %s", error)
