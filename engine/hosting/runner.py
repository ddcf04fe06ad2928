"""Drives one backend on one thread: the synchronous core of both variants of hosting.

Two threads meet here. The owner thread runs `serve`: it loads the backend, runs its generators and emits
frames. Another thread (the event loop inline, the pipe reader in a worker) calls `deliver`, which never
blocks: it queues what is next, and changes the exchange of the running call, on which the owner thread may
wait for a feed block or for room to emit.
"""

from __future__ import annotations

import pkgutil
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from typing import Any

import msgspec

from engine.errors import StageFault
from engine.hosting import faults
from engine.hosting.backend import Backend, Cancelled
from engine.hosting.frames import (
    MAX_PAYLOAD,
    OUTPUT_WINDOW,
    AnyFrame,
    Cancel,
    Close,
    Done,
    EndFeed,
    Feed,
    Frame,
    Load,
    Loaded,
    Output,
    Run,
    Took,
)


class _Exchange:
    """What client and backend exchange during one call. Guarded by the runner's condition."""

    def __init__(self, run: Run) -> None:
        self.call = run.call
        self.request = run.request
        self.blocks: deque[bytes] = deque()
        self.feed_ended = not run.listening
        self.cancelled = False
        self.room = OUTPUT_WINDOW

    def apply(self, frame: Feed | EndFeed | Took | Cancel) -> None:
        match frame:
            case Feed():
                self.blocks.append(frame.pcm)
            case EndFeed():
                self.feed_ended = True
            case Took():
                self.room += 1
            case Cancel():
                self.cancelled = True


class Runner:
    """Runs one backend as frames tell. `emit` is called on the owner thread only."""

    def __init__(self, emit: Callable[[Frame], None]) -> None:
        self._emit = emit
        self._changed = threading.Condition()
        self._next: deque[Load | _Exchange | Close] = deque()
        self._exchange: _Exchange | None = None
        self._backend: Backend[Any, Any] | None = None

    def deliver(self, frame: AnyFrame) -> None:
        """Takes a frame from hosting; any thread, never blocks."""
        with self._changed:
            match frame:
                case Load():
                    self._next.append(frame)
                case Run():
                    self._exchange = _Exchange(frame)
                    self._next.append(self._exchange)
                case Close():
                    if self._exchange:
                        self._exchange.cancelled = True
                    self._next.append(frame)
                case Feed() | EndFeed() | Took() | Cancel():
                    # One for a call that has just ended crossed its end on the way: it has no effect.
                    if self._exchange and self._exchange.call == frame.call:
                        self._exchange.apply(frame)
            self._changed.notify_all()

    def serve(self) -> None:
        """Does what is delivered until `Close`; then the backend is closed. Raises what its `close` does."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next)
                task = self._next.popleft()
            match task:
                case Load():
                    self._load(task)
                case _Exchange():
                    self._run(task)
                case Close():
                    break
        if self._backend:
            self._backend.close()

    def _load(self, load: Load) -> None:
        stage = "backend"
        try:
            backend_class: type[Backend[Any, Any]] = pkgutil.resolve_name(load.target)
            stage = backend_class.stage
            backend = backend_class(load.options)
            backend.load()
        except BaseException as error:  # noqa: BLE001 - boundary: whatever a backend raises is forwarded
            self._emit(faults.to_frame(0, stage, error))
            return
        self._backend = backend
        self._emit(Loaded(backend.traits))

    def _run(self, exchange: _Exchange) -> None:
        assert self._backend is not None, "hosting runs calls on a loaded backend only"
        stage = self._backend.stage
        try:
            self._drive(self._backend, exchange)
        except Cancelled as error:
            if not exchange.cancelled:
                self._emit(faults.to_frame(exchange.call, stage, error))
                return
        except BaseException as error:  # noqa: BLE001 - boundary: whatever a backend raises is forwarded
            self._emit(faults.to_frame(exchange.call, stage, error))
            return
        self._emit(Done(exchange.call))

    def _drive(self, backend: Backend[Any, Any], exchange: _Exchange) -> None:
        request = msgspec.msgpack.decode(exchange.request, type=backend.request_type)
        backend.cancelled = lambda: exchange.cancelled
        outputs = iter(backend.run(request, self._feed(exchange)))
        try:
            while self._may_go_on(exchange):
                try:
                    output = next(outputs)
                except StopIteration:
                    break
                self._emit(Output(exchange.call, self._encode(backend.stage, output)))
        finally:
            if isinstance(outputs, Generator):
                outputs.close()

    def _may_go_on(self, exchange: _Exchange) -> bool:
        """Waits until there is room for an output; False when the call was cancelled."""
        with self._changed:
            self._changed.wait_for(lambda: exchange.cancelled or exchange.room > 0)
            exchange.room -= 1
            return not exchange.cancelled

    def _feed(self, exchange: _Exchange) -> Iterator[bytes]:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: exchange.cancelled or exchange.blocks or exchange.feed_ended
                )  # fmt: skip
                if exchange.cancelled:
                    raise Cancelled
                if not exchange.blocks:
                    return
                pcm = exchange.blocks.popleft()
            self._emit(Took(exchange.call))
            yield pcm

    @staticmethod
    def _encode(stage: str, output: object) -> bytes:
        value = msgspec.msgpack.encode(output)
        if len(value) > MAX_PAYLOAD:
            raise StageFault(stage, f"One output of {len(value)} bytes is over the limit of {MAX_PAYLOAD}.")
        return value
