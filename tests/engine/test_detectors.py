from __future__ import annotations

import asyncio

import pytest

from engine.detectors import Detectors
from engine.errors import CompanionError
from engine.messages import StageStatus
from engine.stages import Stage, chain_of


class Lender:
    """Detectors of the scripted kind, and what was made and told."""

    def __init__(self, backend: str = "scripted", **options: str) -> None:
        self.made: list[Stage] = []
        self.told: list[StageStatus] = []
        self._chain = (backend, options)
        self.detectors = Detectors(self._make, self.told.append)

    def _make(self, on_status) -> Stage:  # type: ignore[no-untyped-def]
        backend, options = self._chain
        chain = chain_of("vad", backend, {**options})
        stage = Stage(chain, hosting="inline", load_s=20, on_status=on_status)
        self.made.append(stage)
        return stage


def test_each_borrower_has_a_detector_of_its_own_and_one_is_kept() -> None:
    async def main() -> None:
        lender = Lender()
        await lender.detectors.start()
        async with lender.detectors.borrow() as one, lender.detectors.borrow() as two:
            assert one is lender.made[0]
            assert one is not two
        async with lender.detectors.borrow() as again:
            assert again in lender.made
        assert len(lender.made) == 2
        assert [stage.backend is None for stage in lender.made].count(True) == 1
        await lender.detectors.close()
        assert all(stage.backend is None for stage in lender.made)

    asyncio.run(main())


def test_the_first_stands_for_all_when_told_how_it_fares() -> None:
    async def main() -> None:
        lender = Lender()
        await lender.detectors.start()
        told = [status.state for status in lender.told]
        assert told[-1] == "ready"
        async with lender.detectors.borrow(), lender.detectors.borrow():
            assert [status.state for status in lender.told] == told
        await lender.detectors.close()

    asyncio.run(main())


def test_one_that_cannot_be_loaded_is_told_to_the_borrower(
    expect_log, monkeypatch: pytest.MonkeyPatch
) -> None:
    expect_log("scripted cannot serve vad")
    monkeypatch.setattr("engine.vad.scripted.ScriptedDetector.load", lambda self: 1 / 0)

    async def main() -> None:
        lender = Lender()
        with pytest.raises(CompanionError):
            async with lender.detectors.borrow():
                pass
        await lender.detectors.close()

    asyncio.run(main())
