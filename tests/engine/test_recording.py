"""Turns on their way to the record: order, retries, bounds."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from engine import recording
from engine.errors import EnvironmentFault
from engine.recording import Recorder
from tests.support.conversation import NotedRecord
from tests.support.virtual_time import run_virtual

if TYPE_CHECKING:
    import pytest

    from tests.conftest import ExpectLog

FULL = EnvironmentFault("disk-full", "The disk is full; make room.")


def recorder(record: NotedRecord, troubles: list[str], deadline_s: float = 10.0) -> Recorder:
    return Recorder(
        record,
        "s",
        deadline_s=deadline_s,
        on_trouble=lambda error: troubles.append(error.code if error else "fine"),
    )


def test_a_turn_is_written_in_two_steps() -> None:
    async def main() -> None:
        record = NotedRecord()
        writer = recorder(record, [])
        writer.said(1, "hello", "en", "typed", "")
        assert await writer.write()
        assert record.turns == [
            {"session": "s", "turn": 1, "text": "hello", "language": "en", "source": "typed", "emotion": ""}
        ]
        writer.heard(1, "Hi!", "happy", "done")
        assert await writer.write()
        assert record.turns[0]["heard"] == "Hi!"
        assert writer.rows(5) == [1]

    run_virtual(main())


def test_what_could_not_be_written_is_written_later_in_order_and_told_once() -> None:
    async def main() -> None:
        record, troubles = NotedRecord(), []
        writer = recorder(record, troubles)
        record.fault = FULL
        for turn in (1, 2):
            writer.said(turn, f"turn {turn}", "en", "typed", "")
            writer.heard(turn, "ok", "calm", "done")
            assert not await writer.write()
        record.fault = None
        writer.said(3, "turn 3", "en", "typed", "")
        assert await writer.write()
        assert [turn["text"] for turn in record.turns] == ["turn 1", "turn 2", "turn 3"]
        assert troubles == ["disk-full", "fine"]

    run_virtual(main())


def test_a_record_that_hangs_is_not_waited_for_long() -> None:
    class Stuck(NotedRecord):
        async def user_turn(self, **turn: object) -> int:
            await asyncio.sleep(3600)
            return 0

    async def main() -> None:
        troubles: list[str] = []
        writer = recorder(Stuck(), troubles, deadline_s=2.0)
        writer.said(1, "hello", "en", "typed", "")
        assert not await writer.write()
        assert troubles == ["memory-timeout"]

    run_virtual(main(), limit_s=10)


def test_unwritten_turns_are_bounded_and_a_loss_is_logged(
    monkeypatch: pytest.MonkeyPatch, expect_log: ExpectLog
) -> None:
    expect_log("a turn was lost", level=logging.ERROR)
    monkeypatch.setattr(recording, "MAX_UNWRITTEN", 2)

    async def main() -> None:
        record = NotedRecord()
        writer = recorder(record, [])
        for turn in (1, 2, 3):
            writer.said(turn, f"turn {turn}", "en", "typed", "")
        await writer.write()
        assert [turn["text"] for turn in record.turns] == ["turn 2", "turn 3"]

    run_virtual(main())
