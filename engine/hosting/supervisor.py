"""Keeps one backend loaded: starts its host, restarts it when it dies, and gives up in the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from engine.errors import CompanionError, StageCrashed, StageTimeout, StageUnavailable
from engine.hosting.backend import Traits
from engine.hosting.frames import AnyFrame
from engine.hosting.host import Host
from engine.hosting.inline import InlineHost
from engine.hosting.process import WorkerHost
from engine.messages import StageState
from engine.registry import BackendSpec

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 3
"""Crashes, timeouts that needed a kill and failed restarts in a row, without a successful call in between."""

RESTART_PAUSE_S = 0.5
"""Pause after a failed restart, in seconds."""


class Listener(Protocol):
    """Whom a supervisor tells what happens to its host."""

    def host_up(self) -> None:
        """A host is loaded."""

    def host_lost(self, fault: StageCrashed) -> None:
        """The host died on its own."""

    def host_missing(self, fault: StageUnavailable) -> None:
        """A host could not be loaded: who waits for one, waits in vain."""

    def frame(self, frame: AnyFrame) -> None:
        """A frame of a call arrived."""


class Supervisor:
    """Keeps one host. `host` is None while there is none to be used."""

    def __init__(
        self,
        spec: BackendSpec,
        listener: Listener,
        *,
        worker: bool,
        load_s: float,
        on_state: Callable[[StageState, str], None] | None,
    ) -> None:
        self.host: Host | None = None
        self.state: StageState = "loading"
        self.restarts = 0
        self.traits: Traits | None = None
        self._spec = spec
        self._listener = listener
        self._host_class = WorkerHost if worker else InlineHost
        self._load_s = load_s
        self._on_state = on_state
        self._failures = 0
        self._unavailable = "has not been started"
        """Why no call can be taken; empty when one can."""
        self._closed = False
        self._restarting: asyncio.Task[None] | None = None

    def require(self) -> None:
        """Raises StageUnavailable when there is no host and none is being loaded."""
        if self._unavailable:
            raise StageUnavailable(self._spec.stage, f"{self._spec.name} {self._unavailable}.")

    def succeeded(self) -> None:
        """A call ended well: earlier failures are forgiven."""
        self._failures = 0

    async def start(self) -> None:
        """Loads the first host. Raises EnvironmentFault, StageFault, StageTimeout."""
        assert self.host is None, "started once"
        self._unavailable = ""
        self._tell("loading")
        try:
            await self._bring_up()
        except CompanionError as error:
            self._give_up(f"could not be loaded: {error.message}")
            raise
        except asyncio.CancelledError:
            self._give_up("was not loaded to the end")
            raise

    async def replace(self, reason: str, *, failure: bool) -> None:
        """Kills the host, which does not stop working, and has another loaded in the background."""
        host, self.host = self.host, None
        if host:
            await host.kill()
            self._recover(reason, failure=failure)

    def stop_serving(self) -> None:
        """Takes no more calls and restarts nothing any more."""
        self._closed = True
        self._unavailable = "is closed"
        self._listener.host_missing(StageUnavailable(self._spec.stage, f"{self._spec.name} is closed."))

    async def close(self) -> None:
        """After `stop_serving`: ends the host and any restart."""
        if self._restarting:
            self._restarting.cancel()
            await asyncio.wait([self._restarting])
        host, self.host = self.host, None
        if host:
            await host.close()

    async def _bring_up(self) -> None:
        host = self._host_class(self._spec, self._listener.frame, self._exited)
        name, stage = self._spec.name, self._spec.stage
        try:
            async with asyncio.timeout(self._load_s):
                traits = await host.load()
        except TimeoutError:
            await host.kill()
            raise StageTimeout(stage, f"{name} was not loaded within {self._load_s:g} s.") from None
        except (CompanionError, asyncio.CancelledError):
            await host.close()
            raise
        if self._closed:
            await host.close()
            self.require()
        if host.exit_reason:
            raise StageCrashed(stage, f"{name} died after loading: {host.exit_reason}.")
        self.host = host
        self.traits = traits
        self._tell("ready")
        self._listener.host_up()

    def _exited(self, host: Host) -> None:
        if host is not self.host:  # it had no part in anything yet: _bring_up sees to it
            return
        self.host = None
        fault = StageCrashed(self._spec.stage, f"{self._spec.name} crashed: {host.exit_reason}.")
        log.warning("%s", fault)
        self._recover(f"crashed: {host.exit_reason}", failure=True)
        self._listener.host_lost(fault)

    def _recover(self, reason: str, *, failure: bool) -> None:
        self._failures += failure
        if self._closed:
            return
        if self._failures >= GIVE_UP_AFTER:
            self._give_up(f"is given up after {self._failures} failures; the last: it {reason}")
        else:
            self._restarting = asyncio.create_task(self._restart(reason))

    async def _restart(self, reason: str) -> None:
        self._tell("loading", f"{self._spec.name} {reason}")
        while True:
            self.restarts += 1
            try:
                await self._bring_up()
                return
            except CompanionError as error:
                log.warning("Restarting %s failed: %s", self._spec.name, error)
                reason = f"could not be restarted: {error.message}"
            self._failures += 1
            if self._failures >= GIVE_UP_AFTER:
                self._give_up(f"is given up after {self._failures} failures; the last: it {reason}")
                return
            self._listener.host_missing(StageUnavailable(self._spec.stage, f"{self._spec.name} {reason}"))
            await asyncio.sleep(RESTART_PAUSE_S)

    def _give_up(self, reason: str) -> None:
        self._unavailable = reason.rstrip(".")
        message = f"{self._spec.name} {self._unavailable}."
        self._tell("failed", message)
        self._listener.host_missing(StageUnavailable(self._spec.stage, message))

    def _tell(self, state: StageState, message: str = "") -> None:
        self.state = state
        if self._on_state:
            self._on_state(state, message)
