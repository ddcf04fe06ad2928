"""How long the scripted backends take: options `first_ms` before the first output of a call, `gap_ms` before
each later one. Both are 0 unless given."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


def paced(outputs: Iterator[T], options: Mapping[str, str | int | float | bool]) -> Generator[T]:
    """The outputs of one call, each after its delay."""
    gap_s = float(options.get("gap_ms", 0)) / 1000
    due = time.perf_counter() + float(options.get("first_ms", 0)) / 1000
    for output in outputs:
        # A backend runs on an owner thread of its own: sleeping there is what real work looks like. Each
        # output has its moment, so that what sleeping takes too long does not add up.
        if (left_s := due - time.perf_counter()) > 0:
            time.sleep(left_s)
        yield output
        due += gap_s
