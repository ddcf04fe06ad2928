"""Serves the calls of one backend, first come first served: one at a time, or, where its traits allow it, a
few at once in copies of the backend, which are loaded when calls wait and ended when they have been idle."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from engine.errors import CompanionError, StageCrashed, StageUnavailable
from engine.hosting.call import Call
from engine.hosting.frames import AnyFrame, Done, Failed, Output, Took
from engine.hosting.supervisor import Supervisor
from engine.messages import StageState
from engine.registry import BackendSpec

log = logging.getLogger(__name__)

MAX_WAITING = 64
"""Calls that may wait for their turn; one more is refused."""
IDLE_S = 60.0
"""How long a copy may do nothing before it is ended, in seconds."""


class _Place:
    """One loaded backend and the call it serves. Its supervisor talks to it as Listener."""

    def __init__(self, lane: Lane) -> None:
        self.active: Call | None = None
        self.idle_since: asyncio.TimerHandle | None = None
        self._lane = lane
        self.supervisor = lane.supervisor_for(self)

    def host_up(self) -> None:
        self._lane.pump()

    def host_lost(self, fault: StageCrashed) -> None:
        if self.active:
            self.active.finish(fault)

    def host_missing(self, fault: StageUnavailable) -> None:
        self._lane.place_missing(self, fault)

    def frame(self, frame: AnyFrame) -> None:
        if (
            isinstance(frame, Output | Took | Done | Failed)
            and self.active
            and frame.call == self.active.number
        ):
            self.active.receive(frame)


class Lane:
    """The line of calls before one backend. Calls talk to it as CallQueue."""

    def __init__(
        self,
        spec: BackendSpec,
        *,
        worker: bool,
        load_s: float,
        copies: int = 1,
        on_state: Callable[[StageState, str], None] | None,
    ) -> None:
        """`copies`: the most calls served at once. `on_state` is told of the first copy only."""
        self._spec = spec
        self._worker = worker
        self._load_s = load_s
        self._copies = copies
        self._on_state = on_state
        self._waiting: deque[Call] = deque()
        self._count = 0
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._places: list[_Place] = []
        self._places.append(_Place(self))

    @property
    def supervisor(self) -> Supervisor:
        """Of the first copy: how it fares, the backend fares."""
        return self._places[0].supervisor

    @property
    def working(self) -> bool:
        """True while a call is served, or was cancelled and its backend has not let go of it."""
        return any(place.active for place in self._places)

    def supervisor_for(self, place: _Place) -> Supervisor:
        on_state = None if self._places else self._on_state
        return Supervisor(self._spec, place, worker=self._worker, load_s=self._load_s, on_state=on_state)

    async def close(self) -> None:
        """Cancels every call and ends the hosts."""
        self._closed = True
        for place in self._places:
            place.supervisor.stop_serving()
        for place in self._places:
            if place.active:
                await place.active.cancel()
        await asyncio.gather(*(place.supervisor.close() for place in self._places))
        await asyncio.gather(*self._tasks)

    # ------------------------------------------------------------ CallQueue

    def enter(self, call: Call) -> None:
        self.supervisor.require()
        if len(self._waiting) >= MAX_WAITING:
            raise StageUnavailable(
                self._spec.stage, f"{self._spec.name} has {MAX_WAITING} calls waiting; ask again later."
            )
        self._waiting.append(call)
        self.pump()

    def withdraw(self, call: Call) -> None:
        if call in self._waiting:
            self._waiting.remove(call)

    def leave(self, call: Call, *, success: bool) -> None:
        place = self._place_of(call)
        if place is None:
            return
        if success:
            place.supervisor.succeeded()
        place.active = None
        if place is not self._places[0]:
            place.idle_since = asyncio.get_running_loop().call_later(IDLE_S, self._retire, place)
        self.pump()

    async def replace_host(self, call: Call, reason: str, *, failure: bool) -> None:
        if place := self._place_of(call):
            await place.supervisor.replace(reason, failure=failure)

    # ------------------------------------------------------------ places

    def pump(self) -> None:
        """Gives waiting calls to free places; where none is free, one more is prepared."""
        for place in self._places:
            host = place.supervisor.host
            if host and self._waiting and place.active is None:
                if place.idle_since:
                    place.idle_since.cancel()
                place.active = self._waiting.popleft()
                self._count += 1
                place.active.begin(self._count, host)
        loading = sum(place.supervisor.host is None for place in self._places)
        if len(self._waiting) > loading and len(self._places) < self._copies and not self._closed:
            place = _Place(self)
            self._places.append(place)
            self._spawn(self._load(place))

    def place_missing(self, place: _Place, fault: StageUnavailable) -> None:
        """Without the first copy there is no backend; another one is just not there."""
        if place is self._places[0]:
            waiting, self._waiting = self._waiting, deque()
            for call in waiting:
                call.refuse(fault)

    def _place_of(self, call: Call) -> _Place | None:
        return next((place for place in self._places if place.active is call), None)

    async def _load(self, place: _Place) -> None:
        try:
            await place.supervisor.start()
        except CompanionError as error:
            log.info("no further copy of %s: %s", self._spec.name, error)
            self._places.remove(place)

    def _retire(self, place: _Place) -> None:
        if place.active is None and place in self._places and not self._closed:
            self._places.remove(place)
            place.supervisor.stop_serving()
            self._spawn(place.supervisor.close())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
