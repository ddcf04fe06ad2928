"""Voice detectors: one for each session that listens hands-free, lent for as long as it does.

A detector's call lasts as long as the listening, so detectors cannot be shared; but most sessions (typed,
push-to-talk) never need one. One is loaded when the engine starts, so that what is missing is found then and
the first to listen does not wait.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from engine.errors import CompanionError
from engine.messages import StageStatus
from engine.stages import Stage
from engine.vad import VadFrame, VadRequest

Detector = Stage[VadRequest, VadFrame]
OnStatus = Callable[[StageStatus], None]

SPARE = 1
"""Loaded detectors that are kept while nobody needs them."""


class Detectors:
    """Lends detectors and ends them."""

    def __init__(self, make: Callable[[OnStatus], Detector], on_status: OnStatus) -> None:
        """`make` gives a detector that is not started; `on_status` is told how the first one fares: it stands
        for all."""
        self._make = make
        self._on_status = on_status
        self._free: list[Detector] = []
        self._all: set[Detector] = set()

    async def start(self) -> None:
        """Loads the first. Raises what Stage.start raises."""
        self._free.append(await self._another(self._on_status))

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Detector]:
        """A detector of one's own. Raises what Stage.start raises."""
        detector = self._free.pop() if self._free else await self._another(_tell_nobody)
        try:
            yield detector
        finally:
            if len(self._free) < SPARE and detector.status.state != "failed":
                self._free.append(detector)
            else:
                await self._end(detector)

    async def close(self) -> None:
        """Ends all of them, lent ones too."""
        for detector in tuple(self._all):
            await self._end(detector)
        self._free.clear()

    async def _another(self, on_status: OnStatus) -> Detector:
        detector = self._make(on_status)
        try:
            await detector.start()
        except CompanionError:
            await detector.close()
            raise
        self._all.add(detector)
        return detector

    async def _end(self, detector: Detector) -> None:
        self._all.discard(detector)
        await detector.close()


def _tell_nobody(status: StageStatus) -> None:
    """Who borrows a detector that fails is told by the call."""
