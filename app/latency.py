"""Where the time of a turn went, from its milestones (engine.trace). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from engine.trace import MILESTONES


class Span(NamedTuple):
    """What led to one milestone."""

    milestone: str
    start_ms: float
    end_ms: float

    @property
    def ms(self) -> float:
        return self.end_ms - self.start_ms


def spans(trace: Mapping[str, float]) -> list[Span]:
    """One a milestone, each from the latest one before it, in the order in which they were reached."""
    known = [(trace[name], MILESTONES.index(name), name) for name in MILESTONES if name in trace]
    made: list[Span] = []
    last_ms = 0.0
    for at_ms, _, name in sorted(known):
        if name != "speech_end":
            made.append(Span(name, min(last_ms, at_ms), at_ms))
        last_ms = max(last_ms, at_ms)
    return made
