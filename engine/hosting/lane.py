"""Serves the calls of one backend one at a time, first come first served."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from engine.errors import StageCrashed, StageUnavailable
from engine.hosting.call import Call
from engine.hosting.frames import AnyFrame, Done, Failed, Output, Took
from engine.hosting.supervisor import Supervisor
from engine.messages import StageState
from engine.registry import BackendSpec

MAX_WAITING = 64
"""Calls that may wait for their turn; one more is refused."""


class Lane:
    """The line of calls before one backend. Calls talk to it as CallQueue, the supervisor as Listener."""

    def __init__(
        self,
        spec: BackendSpec,
        *,
        worker: bool,
        load_s: float,
        on_state: Callable[[StageState, str], None] | None,
    ) -> None:
        self.supervisor = Supervisor(spec, self, worker=worker, load_s=load_s, on_state=on_state)
        self._spec = spec
        self._waiting: deque[Call] = deque()
        self._active: Call | None = None
        self._count = 0

    async def close(self) -> None:
        """Cancels every call and ends the host."""
        self.supervisor.stop_serving()
        if self._active:
            await self._active.cancel()
        await self.supervisor.close()

    # ------------------------------------------------------------ CallQueue

    def enter(self, call: Call) -> None:
        self.supervisor.require()
        if len(self._waiting) >= MAX_WAITING:
            raise StageUnavailable(
                self._spec.stage, f"{self._spec.name} has {MAX_WAITING} calls waiting; ask again later."
            )
        self._waiting.append(call)
        self._pump()

    def withdraw(self, call: Call) -> None:
        if call in self._waiting:
            self._waiting.remove(call)

    def leave(self, call: Call, *, success: bool) -> None:
        if success:
            self.supervisor.succeeded()
        if call is self._active:
            self._active = None
            self._pump()

    async def replace_host(self, reason: str, *, failure: bool) -> None:
        await self.supervisor.replace(reason, failure=failure)

    # ------------------------------------------------------------ Listener

    def host_up(self) -> None:
        self._pump()

    def host_lost(self, fault: StageCrashed) -> None:
        if self._active:
            self._active.finish(fault)

    def host_missing(self, fault: StageUnavailable) -> None:
        waiting, self._waiting = self._waiting, deque()
        for call in waiting:
            call.refuse(fault)

    def frame(self, frame: AnyFrame) -> None:
        if (
            isinstance(frame, Output | Took | Done | Failed)
            and self._active
            and frame.call == self._active.number
        ):
            self._active.receive(frame)

    def _pump(self) -> None:
        host = self.supervisor.host
        if host and self._waiting and self._active is None:
            self._active = self._waiting.popleft()
            self._count += 1
            self._active.begin(self._count, host)
