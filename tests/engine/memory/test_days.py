from __future__ import annotations

import re

from engine.memory.days import local_day, utc_time


def test_times_are_written_as_iso() -> None:
    assert utc_time(1_700_000_000_999) == "2023-11-14T22:13:20Z"
    assert re.fullmatch(r"2023-11-1[45]", local_day(1_700_000_000_000))
