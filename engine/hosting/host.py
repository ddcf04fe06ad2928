"""What the two hosts have in common: a place where one backend is loaded once and then runs calls."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable

from engine.errors import StageCrashed
from engine.hosting.backend import Traits
from engine.hosting.faults import to_error
from engine.hosting.frames import AnyFrame, Failed, Load, Loaded, Log
from engine.registry import BackendSpec

CLOSE_S = 1.0
"""How long a host may take to end when asked, in seconds; then it is killed."""


class Host(ABC):
    """One place where one backend runs. Loaded once, never reused; all methods belong to the event loop."""

    def __init__(
        self,
        spec: BackendSpec,
        on_frame: Callable[[AnyFrame], None],
        on_exit: Callable[[Host], None],
    ) -> None:
        """`on_frame` gets the frames of calls, `on_exit` tells that a loaded host died on its own."""
        self.spec = spec
        self.exit_reason = ""
        """Why it died on its own; empty while it lives."""
        self._on_frame = on_frame
        self._on_exit = on_exit
        self._loaded: asyncio.Future[Traits] | None = None
        self._ended = asyncio.Event()
        self._dismissed = False
        """We end it: what it still says is of no interest."""

    @property
    def pid(self) -> int | None:
        """Process id of a worker; None inline."""
        return None

    async def load(self) -> Traits:
        """Starts the place and loads the backend. Raises EnvironmentFault, StageCrashed, or what the backend
        raised as to_error gives it; the caller sets the deadline, and ends the host when it raises."""
        await self._open()
        if self.exit_reason:
            raise self._died_loading()
        self._loaded = asyncio.get_running_loop().create_future()
        level = logging.getLogger().getEffectiveLevel()
        self.send(Load(self.spec.target, self.spec.options, level))
        return await self._loaded

    async def close(self) -> None:
        """Ends it: asks, then kills after CLOSE_S."""
        self._dismissed = True
        self._ask_to_end()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._ended.wait()
        except TimeoutError:
            pass  # kill sees to it, and says so
        await self.kill()

    @abstractmethod
    def send(self, frame: AnyFrame) -> None:
        """Passes a frame on without waiting; nothing happens when the place has ended."""

    @abstractmethod
    async def kill(self) -> None:
        """Ends it without asking."""

    @abstractmethod
    async def _open(self) -> None:
        """Starts the thread or the process."""

    @abstractmethod
    def _ask_to_end(self) -> None:
        """Sends `Close`, where there is something to send it to."""

    def _receive(self, frame: AnyFrame) -> None:
        match frame:
            case Log():
                logging.getLogger(frame.logger).log(frame.level, "%s", frame.text)
            case _ if self._dismissed:
                return
            case Loaded():
                self._settle(frame.traits)
            case Failed(call=0):
                self._settle(to_error(frame, self.spec.stage))
            case _:
                self._on_frame(frame)

    def _settle(self, result: Traits | Exception) -> None:
        if self._loaded is None or self._loaded.done():  # the wait for it was given up
            return
        if isinstance(result, Exception):
            self._loaded.set_exception(result)
        else:
            self._loaded.set_result(result)

    def _has_ended(self, reason: str) -> None:
        """The thread or the process is gone, for `reason` if it was not asked to."""
        self._ended.set()
        if self._dismissed:
            return
        self.exit_reason = reason
        if self._loaded and self._loaded.done():
            self._on_exit(self)
        else:
            self._settle(self._died_loading())

    def _died_loading(self) -> StageCrashed:
        return StageCrashed(self.spec.stage, f"{self.spec.name} died while loading: {self.exit_reason}.")
