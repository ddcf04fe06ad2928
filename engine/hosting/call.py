"""One call as its client sees it: outputs to iterate, a feed to fill, deadlines, and a real cancel.

A call ends for its consumer (`_end`) at once when it is cancelled or late; it is *stopped* when the backend
has let go of it, which the next call waits for. In between, `_stop` asks the backend to cancel and, when it
does not within CANCEL_GRACE_S, has its host replaced.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from types import TracebackType
from typing import Generic, Literal, Protocol, Self, TypeVar

import msgspec

from engine.errors import CompanionError, StageFault, StageTimeout, StageUnavailable
from engine.hosting.deadlines import Deadlines, Watch
from engine.hosting.faults import to_error
from engine.hosting.frames import (
    FEED_WINDOW,
    MAX_PAYLOAD,
    OUTPUT_WINDOW,
    AnyFrame,
    Cancel,
    Done,
    EndFeed,
    Failed,
    Feed,
    Output,
    Run,
    Took,
)
from engine.hosting.host import Host

log = logging.getLogger(__name__)

CANCEL_GRACE_S = 0.3
"""How long a backend may take to stop a cancelled call, in seconds."""

Result = TypeVar("Result")


class CallQueue(Protocol):
    """What a call needs of the queue it stands in."""

    def enter(self, call: Call) -> None:
        """Lines up; `begin` or `refuse` follows. Raises StageUnavailable."""

    def withdraw(self, call: Call) -> None:
        """Leaves the line before the turn came."""

    def leave(self, call: Call, *, success: bool) -> None:
        """The backend has let go of the call."""

    async def replace_host(self, call: Call, reason: str, *, failure: bool) -> None:
        """Ends the host that runs the call by force."""


class Call(Generic[Result]):
    """An async context manager and async iterator of outputs; leaving the block cancels what still runs.

    Entering waits for the turn and raises StageUnavailable when there is none to come. Iterating raises the
    StageFault (or EnvironmentFault, PeerFault) the call ended with, after the outputs made before it; after
    `cancel` it just stops, and `cancelled` is True.
    """

    def __init__(
        self,
        queue: CallQueue,
        stage: str,
        request: bytes,
        decoder: msgspec.msgpack.Decoder[Result],
        deadlines: Deadlines,
        listening: bool,
    ) -> None:
        self.number = 0
        self._queue = queue
        self._stage = stage
        self._request = request
        self._decoder = decoder
        self._gap_s = deadlines.gap_s
        self._watch = Watch(deadlines)
        self._timer: asyncio.TimerHandle | None = None
        self._listening = listening
        self._unfed = 0
        """Feed blocks the backend has not taken yet."""
        self._outputs: deque[bytes] = deque()
        self._end: Literal["done", "cancelled"] | CompanionError | None = None
        self._host: Host | None = None
        """Set once the call has its turn."""
        self._stopping: asyncio.Task[None] | None = None
        self._entered = asyncio.Event()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._stopped = asyncio.Event()

    @property
    def cancelled(self) -> bool:
        return self._end == "cancelled"

    # ------------------------------------------------------------ for the client

    async def __aenter__(self) -> Self:
        if self._end is None:
            self._queue.enter(self)
        try:
            await self._entered.wait()
        except asyncio.CancelledError:
            await self.cancel()
            raise
        if isinstance(self._end, StageUnavailable):
            raise self._end
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.cancel()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Result:
        while not self._outputs:
            if isinstance(self._end, CompanionError):
                raise self._end
            if self._end:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        value = self._outputs.popleft()
        if self._host and self._end is None:
            self._host.send(Took(self.number))
            if self._watch.paused:
                self._watch.resume(self._now())
                self._set_timer()
        try:
            return self._decoder.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            fault = StageFault(self._stage, f"The {self._stage} stage gave something it must not: {error}.")
            self._outputs.clear()
            self._end = fault  # even where the backend is done: the consumer has not been told yet
            self._halt(fault)
            raise fault from error

    async def feed(self, pcm: bytes) -> None:
        """Passes a block on; waits while the backend is FEED_WINDOW blocks behind. Dropped when the call has
        ended: the iteration tells how. Raises StageFault for a block over MAX_PAYLOAD bytes."""
        assert self._listening, "the call has no open feed"
        if len(pcm) > MAX_PAYLOAD:
            raise StageFault(self._stage, f"A block of {len(pcm)} bytes is over the limit of {MAX_PAYLOAD}.")
        while self._unfed >= FEED_WINDOW and self._end is None:
            self._room.clear()
            try:
                async with asyncio.timeout(self._gap_s):
                    await self._room.wait()
            except TimeoutError:
                if not self._watch.paused:
                    self._expire(f"took no input for {self._gap_s:g} s")
        if self._host and self._end is None:
            self._unfed += 1
            self._host.send(Feed(self.number, pcm))

    def end_feed(self) -> None:
        """No more blocks follow; from here the deadlines run."""
        if not self._listening:
            return
        self._listening = False
        if self._host and self._end is None:
            self._host.send(EndFeed(self.number))
            self._watch.start(self._now())
            self._set_timer()

    async def cancel(self) -> None:
        """Ends the call, drops outputs not yet taken, and returns when the backend's work has stopped."""
        self._outputs.clear()
        self._halt("cancelled")
        await self._stopped.wait()

    # ------------------------------------------------------------ for the queue

    def begin(self, number: int, host: Host) -> None:
        """The turn has come."""
        self.number = number
        self._host = host
        host.send(Run(number, self._request, self._listening))
        if not self._listening:
            self._watch.start(self._now())
            self._set_timer()
        self._entered.set()

    def refuse(self, fault: StageUnavailable) -> None:
        """The turn will not come."""
        self._end = fault
        self._stopped.set()
        self._entered.set()

    def receive(self, frame: AnyFrame) -> None:
        """A frame of this call."""
        match frame:
            case Output():
                self._take(frame.value)
            case Took():
                self._unfed -= 1
                self._room.set()
            case Done():
                self.finish("done")
            case Failed():
                self.finish(to_error(frame, self._stage))

    def finish(self, end: Literal["done", "cancelled"] | CompanionError) -> None:
        """The backend has let go of the call."""
        if self._stopped.is_set():
            return
        if self._end is None:
            self._end = end
        elif isinstance(end, CompanionError):
            log.warning("The %s stage failed while a call was stopped: %s", self._stage, end)
        self._stopped.set()
        self._wake()
        self._queue.leave(self, success=self._end == "done")

    # ------------------------------------------------------------ inside

    def _take(self, value: bytes) -> None:
        if self._end is not None:
            return
        self._outputs.append(value)
        self._watch.output(self._now())
        if len(self._outputs) >= OUTPUT_WINDOW:
            self._watch.pause(self._now())
        self._set_timer()
        self._news.set()

    def _halt(self, end: Literal["cancelled"] | StageFault) -> None:
        """Ends the call for its consumer now, and sees to it that the backend stops."""
        if self._end is None:
            self._end = end
        self._wake()
        if self._stopped.is_set() or self._stopping:
            return
        if self._host:
            self._stopping = asyncio.create_task(self._stop(self._host))
        else:
            self._queue.withdraw(self)
            self._stopped.set()
            self._entered.set()

    async def _stop(self, host: Host) -> None:
        host.send(Cancel(self.number))
        try:
            async with asyncio.timeout(CANCEL_GRACE_S):
                await self._stopped.wait()
        except TimeoutError:
            late = isinstance(self._end, CompanionError)
            reason = "passed its deadline and did not stop" if late else "did not stop when cancelled"
            await self._queue.replace_host(self, reason, failure=late)
            self.finish("cancelled")

    def _expire(self, reason: str) -> None:
        self._halt(StageTimeout(self._stage, f"The {self._stage} stage {reason}."))

    def _wake(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._news.set()
        self._room.set()

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        due = self._watch.due
        if due is not None and self._end is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(due, self._expire, self._watch.reason)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
