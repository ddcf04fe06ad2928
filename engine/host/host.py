"""A host: one engine, its sessions, and who may come in. What serves it to the network is server.py."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from engine.clock import Clock, SystemClock
from engine.errors import CompanionError
from engine.host.admission import Admission
from engine.host.devices import local_token
from engine.host.seats import Seats
from engine.messages import GoAway, StageName, StageState
from engine.runtime import Engine
from engine.settings import Settings
from engine.wire import CloseCode

log = logging.getLogger(__name__)

REVOKED_S = 0.5
"""How often it is looked whether a device that talks has been revoked."""
LOADING_S = 10.0
"""How long closing waits for an engine that is still being loaded."""
NEEDED: tuple[StageName, ...] = ("vad", "asr", "llm", "tts")
"""Stages without which speech is not heard and answered."""


class Host:
    """`open` it, let connections use it, `drain` and `close` it. One event loop."""

    def __init__(
        self, settings: Settings, folder: Path, *, engine: Engine | None = None, child_token: str = ""
    ) -> None:
        """Over the data folder `folder`. With `child_token` it serves nobody but who knows that. Raises
        ConfigFault, and EnvironmentFault when the folder cannot be used."""
        self.settings = settings
        self.clock: Clock = SystemClock()
        self.engine = engine or Engine(settings, folder, clock=self.clock)
        self.seats = Seats(self.engine, settings.host, self.clock)
        own_token = child_token or local_token(folder, renew=True)
        self.admission = Admission(folder, own_token, self.clock, devices=not child_token)
        self._starting: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begins to load the engine; `started` tells when it is there."""
        self._starting = asyncio.create_task(self.engine.start(), name="start-engine")
        self._watching = asyncio.create_task(self._watch_devices(), name="watch-devices")

    async def started(self) -> None:
        """Returns when the engine is there. Raises what Engine.start raises."""
        assert self._starting, "the host is not open"
        await asyncio.shield(self._starting)

    def not_ready(self) -> dict[StageName, StageState]:
        """The stages that still miss for speech to be heard and answered; empty when nothing does."""
        status = self.engine.status
        states: dict[StageName, StageState] = {
            stage: status[stage].state if stage in status else "loading" for stage in NEEDED
        }
        return {stage: state for stage, state in states.items() if state not in ("ready", "fallback")}

    async def drain(self) -> None:
        """Tells every client to go, lets replies be spoken for a while, and sends them away."""
        self.seats.take_no_more()
        drain_s = self.settings.host.drain_s
        for seat in self.seats.all():
            seat.outbox.put(GoAway(in_ms=1000 * drain_s))
        try:
            async with asyncio.timeout(drain_s):
                while any(seat.busy for seat in self.seats.all()):  # noqa: ASYNC110 - many sessions, one poll
                    await asyncio.sleep(0.05)
        except TimeoutError:
            log.info("stopping although %d sessions are busy", sum(seat.busy for seat in self.seats.all()))
        await asyncio.gather(*(seat.vacate(CloseCode.RESTART) for seat in self.seats.all()))

    async def close(self) -> None:
        """Ends every session and the engine; what was heard is recorded first."""
        if self._watching:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self.seats.close_all()
        if self._starting:
            # Rather to the end: what is being loaded in threads cannot be stopped half-way.
            await asyncio.wait([self._starting], timeout=LOADING_S)
            self._starting.cancel()
            (failure,) = await asyncio.gather(self._starting, return_exceptions=True)
            if isinstance(failure, Exception) and not isinstance(failure, CompanionError):
                log.error("the engine did not start", exc_info=failure)
        await self.engine.close()

    async def _watch_devices(self) -> None:
        while True:
            await asyncio.sleep(REVOKED_S)
            talking = {seat.device for seat in self.seats.all() if seat.device}
            for device in await self.admission.revoked(talking):
                log.info("device=%s was revoked", device)
                for seat in self.seats.all():
                    if seat.device == device:
                        await seat.vacate(CloseCode.NOT_ADMITTED)
                        await self.seats.close(seat)
