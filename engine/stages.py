"""The stages of one engine: which backend serves each, where it runs, and what happens when it gives up.

A stage has a chain of backends: the one that was chosen, then what it falls back to. When a backend is given
up (see engine.hosting), the next of the chain takes over and the user is told; a stage whose chain is used up
stays `failed`, and the conversation goes on without it as far as it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Generic, Literal, Protocol, Self, TypeVar

from engine.errors import CompanionError, StageUnavailable
from engine.hosting.backend import Traits
from engine.hosting.call import Call
from engine.hosting.deadlines import Deadlines
from engine.hosting.hosted import HostedBackend
from engine.messages import StageName, StageState, StageStatus
from engine.registry import BackendSpec, find_backend
from engine.tts import SpeechChunk, SpeechRequest

log = logging.getLogger(__name__)

Request = TypeVar("Request")
Output = TypeVar("Output")
RequestIn = TypeVar("RequestIn", contravariant=True)
OutputOut = TypeVar("OutputOut", covariant=True)

Option = str | int | float | bool
Hosting = Literal["auto", "inline", "worker"]

AUTO: dict[StageName, tuple[str, ...]] = {
    "vad": ("silero",),
    "asr": ("pocketsphinx",),
    "llm": ("patterns",),
    "tts": ("espeak",),
    "embedding": ("hashed",),
}
"""What `auto` tries, best first; the last is what every machine can run."""

SCRIPTED = "scripted"
"""Name of every stage's fake. It never falls back: who asks for a fake wants to see it fail."""


class StageCall(Protocol[OutputOut]):
    """One running call of a stage; `async with` it, feed it where it listens, iterate its outputs."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def __aiter__(self) -> AsyncIterator[OutputOut]: ...

    async def feed(self, pcm: bytes) -> None: ...

    def end_feed(self) -> None: ...


class StageService(Protocol[RequestIn, OutputOut]):
    """What a session needs of a stage."""

    def call(
        self, request: RequestIn, deadlines: Deadlines, *, listening: bool = False
    ) -> StageCall[OutputOut]: ...


class VoiceService(StageService[SpeechRequest, SpeechChunk], Protocol):
    """The stage that speaks."""

    @property
    def sample_rate(self) -> int:
        """Hertz of the audio it makes now."""
        ...


class Stage(Generic[Request, Output]):
    """One stage over its chain of backends. A backend is made only when its turn in the chain comes."""

    def __init__(
        self,
        chain: Sequence[BackendSpec],
        *,
        hosting: Hosting,
        load_s: float,
        on_status: Callable[[StageStatus], None],
        explain: Callable[[CompanionError], str] = lambda error: error.message,
    ) -> None:
        """`explain` says in the user's language why a backend cannot serve."""
        self._explain = explain
        self._chain = chain
        self._hosting: Hosting = hosting
        self._load_s = load_s
        self._on_status = on_status
        self._position = 0
        self._backend: HostedBackend[Request, Output] | None = None
        self._falling_back: asyncio.Task[None] | None = None
        self._closed = False
        self.status = StageStatus(stage=chain[0].stage, backend=chain[0].name, state="loading")
        """How the stage stands now."""

    @property
    def backend(self) -> HostedBackend[Request, Output] | None:
        """What serves the stage now."""
        return self._backend

    @property
    def sample_rate(self) -> int:
        """Hertz of the audio the stage takes or makes now."""
        return self._traits.sample_rate

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages the stage understands or speaks now; empty: any."""
        return self._traits.languages

    @property
    def _traits(self) -> Traits:
        return self._backend.traits if self._backend else Traits()

    async def start(self, reason: str = "") -> None:
        """Loads the first backend of the chain that can be loaded; `reason` says why the one before is not
        used any more. Raises the last one's error when none can; the stage is `failed` then."""
        for position in range(self._position, len(self._chain)):
            self._position = position
            try:
                await self._load(self._chain[position], reason)
                return
            except CompanionError as error:
                reason = self._explain(error)
                log.warning("%s cannot serve %s: %s", self._chain[position].name, self.status.stage, error)
                if position == len(self._chain) - 1:
                    self._tell("failed", reason)
                    raise

    def call(self, request: Request, deadlines: Deadlines, *, listening: bool = False) -> Call[Output]:
        """Raises StageUnavailable when no backend is there (see Call for what follows)."""
        if self._backend is None:
            raise StageUnavailable(self.status.stage, f"The {self.status.stage} stage is not loaded.")
        return self._backend.call(request, deadlines, listening=listening)

    async def close(self) -> None:
        """Ends the backend and any attempt to replace it."""
        self._closed = True
        if self._falling_back:
            self._falling_back.cancel()
            await asyncio.wait([self._falling_back])
        if self._backend:
            await self._backend.close()
            self._backend = None

    async def _load(self, spec: BackendSpec, reason: str) -> None:
        backend: HostedBackend[Request, Output] = HostedBackend(
            spec,
            worker=runs_in_worker(spec, self._hosting),
            load_s=self._load_s,
            on_state=lambda state, message: self._on_state(spec, state, message),
        )
        try:
            await backend.start()
        except BaseException:
            await backend.close()
            raise
        old, self._backend = self._backend, backend
        self._tell("ready" if self._position == 0 else "fallback", reason)
        if old:
            await old.close()

    def _on_state(self, spec: BackendSpec, state: StageState, message: str) -> None:
        """A backend that is in use tells of restarts, and of being given up."""
        serving = self._backend is not None and spec is self._chain[self._position]
        if not serving or self._closed:
            return
        if state == "failed" and self._position + 1 < len(self._chain):
            self._position += 1
            self._falling_back = asyncio.create_task(self._fall_back(message))
        elif state == "ready" and self._position > 0:
            self._tell("fallback", message)
        else:
            self._tell(state, message)

    async def _fall_back(self, reason: str) -> None:
        self._tell("loading", reason)
        with contextlib.suppress(CompanionError):  # told and logged where it happened
            await self.start(reason)

    def _tell(self, state: StageState, message: str = "") -> None:
        spec = self._chain[self._position]
        progress = 1.0 if state in ("ready", "fallback") else 0.0
        self.status = StageStatus(
            stage=spec.stage, backend=spec.name, state=state, progress=progress, message=message
        )
        self._on_status(self.status)


def chain_of(stage: StageName, chosen: str, options: dict[str, Option]) -> list[BackendSpec]:
    """The backends for a setting: the chosen one, then what it falls back to. `options` go to the chosen one.
    Raises ConfigFault for a name nobody registered."""
    names = AUTO[stage] if chosen == "auto" else (chosen, *(name for name in AUTO[stage] if name != chosen))
    if chosen == SCRIPTED:
        names = (SCRIPTED,)
    return [find_backend(stage, name, options) for name in names]


def runs_in_worker(spec: BackendSpec, hosting: Hosting) -> bool:
    """Decides the process of a backend. `inline` does not reach three kinds: GPL parts (a licence's rule, not
    a preference), what holds the interpreter lock (it would stop the voice and the window), and what cannot
    be loaded beside others."""
    traits = spec.traits()
    if traits.gpl or traits.holds_gil or traits.alone:
        return True
    return hosting == "worker" or (hosting == "auto" and traits.may_abort)
