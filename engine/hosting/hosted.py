"""HostedBackend: one backend, inline or in a worker process, through one async interface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from engine.errors import PeerFault, StageFault
from engine.hosting.backend import Traits
from engine.hosting.call import Call
from engine.hosting.deadlines import Deadlines
from engine.hosting.frames import MAX_PAYLOAD
from engine.hosting.lane import Lane
from engine.messages import StageState
from engine.registry import BackendSpec

Request = TypeVar("Request")
Output = TypeVar("Output")


class HostedBackend(Generic[Request, Output]):
    """Runs one backend and serves its calls, one at a time or as many as its traits allow.

        tts = HostedBackend(find_backend("tts", "espeak"), worker=True, load_s=60.0)
        await tts.start()
        async with tts.call(SpeechRequest("Hello"), Deadlines(10, 10, 60)) as call:
            async for chunk in call:
                ...
        await tts.close()

    A worker that dies is restarted in the background; after three failures in a row without a successful
    call the state is `failed` and calls raise StageUnavailable at once. All methods belong to one event loop.
    """

    def __init__(
        self,
        spec: BackendSpec,
        *,
        worker: bool,
        load_s: float,
        on_state: Callable[[StageState, str], None] | None = None,
    ) -> None:
        """`load_s` limits one loading, in seconds; `on_state` is told each state with a sentence or "".

        Raises EnvironmentFault `broken-backend` when the backend's class cannot be imported."""
        self.spec = spec
        self._class = spec.backend_class()
        self._decoder: msgspec.msgpack.Decoder[Output] = msgspec.msgpack.Decoder(self._class.output_type)
        copies = int(spec.options.get("copies", self._class.traits.copies))
        self._lane = Lane(spec, worker=worker, load_s=load_s, copies=copies, on_state=on_state)
        self._supervisor = self._lane.supervisor

    @property
    def state(self) -> StageState:
        return self._supervisor.state

    @property
    def restarts(self) -> int:
        """Times a new host was started after the first."""
        return self._supervisor.restarts

    @property
    def pid(self) -> int | None:
        """Process id of the worker; None inline, and while there is none."""
        return self._supervisor.host.pid if self._supervisor.host else None

    @property
    def working(self) -> bool:
        """True while a backend works on a call, or has not stopped to."""
        return self._lane.working

    @property
    def traits(self) -> Traits:
        """Traits of the loaded backend; of its class before it is loaded."""
        return self._supervisor.traits or self._class.traits

    async def start(self) -> None:
        """Loads the backend. Raises EnvironmentFault, StageFault or StageTimeout."""
        await self._supervisor.start()

    def call(self, request: Request, deadlines: Deadlines, *, listening: bool = False) -> Call[Output]:
        """A call, which begins when it is entered and its turn has come. `listening`: a feed follows.

        Raises StageFault when the request is over MAX_PAYLOAD bytes, PeerFault `bad-text` when a text in it
        holds half a character (a lone surrogate)."""
        stage = self.spec.stage
        try:
            data = msgspec.msgpack.encode(request)
        except UnicodeEncodeError as error:
            raise PeerFault("bad-text", "The text holds half a character; write it again.") from error
        if len(data) > MAX_PAYLOAD:
            raise StageFault(stage, f"A request of {len(data)} bytes is over the limit of {MAX_PAYLOAD}.")
        return Call(self._lane, stage, data, self._decoder, deadlines, listening)

    async def close(self) -> None:
        """Cancels all calls and ends the worker or thread. Calls raise StageUnavailable from then on."""
        await self._lane.close()
