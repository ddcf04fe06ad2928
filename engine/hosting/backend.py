"""What a stage's backend is: plain synchronous code that hosting runs inline or in a worker process.

A backend never sees asyncio, threads or pipes. It is made, `load`ed, then `run` for one call after another
on one owner thread (no engine we use is thread-safe on one instance), and `close`d. A call takes a request
and, for stages that listen, a feed of PCM blocks; it yields its results as they are known.

Cancelling: between two yields hosting closes the generator (`GeneratorExit`); while the backend waits on
its feed, the feed raises `Cancelled`. Where much time passes between two yields, the backend asks
`cancelled()` itself and raises `Cancelled`. All unwind through the backend's own `finally` blocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import ClassVar, Generic, TypeVar

import msgspec

from engine.messages import StageName

Request = TypeVar("Request")
Output = TypeVar("Output")


class Cancelled(BaseException):
    """Raised inside a backend whose call was cancelled: by its feed, or by itself. Do not swallow."""


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What hosting must know of a backend before it chooses a process for it."""

    holds_gil: bool = False
    """Its native code keeps the interpreter lock for more than a few ms."""
    may_abort: bool = False
    """Its native code can kill or hang the process."""
    gpl: bool = False
    """Parts of it are GPL: never in the process of the Live2D core."""
    alone: bool = False
    """Its libraries bear the names of another backend's: whichever is second in a process cannot load."""
    languages: tuple[str, ...] = ()
    """Languages it understands or speaks (`en`, `zh`); empty: any."""
    sample_rate: int = 16000
    """Hertz of the audio it takes or makes."""

    copies: int = 1
    """Most calls served at once, each by a copy of its own, loaded when it is needed (option `copies`)."""

    @property
    def wants_worker(self) -> bool:
        """True where `hosting = "auto"` puts it into its own process."""
        return self.holds_gil or self.may_abort or self.gpl or self.alone


class Backend(ABC, Generic[Request, Output]):
    """Base of the stage interfaces; a concrete backend implements `run` of its stage."""

    stage: ClassVar[StageName]
    request_type: ClassVar[type]
    """msgspec-encodable type of a request."""
    output_type: ClassVar[type]
    """msgspec-encodable type of what is yielded."""
    traits: ClassVar[Traits] = Traits()

    def __init__(self, options: dict[str, str | int | float | bool] | None = None) -> None:
        """`options` are the backend's own settings (plain values: they cross a process boundary)."""
        self.options = dict(options or {})
        self.cancelled: Callable[[], bool] = lambda: False
        """Whether the running call was cancelled; any thread may ask."""

    def load(self) -> None:
        """Does the slow start: models, libraries. Raises EnvironmentFault when something is missing."""

    @abstractmethod
    def run(self, request: Request, feed: Iterator[bytes]) -> Iterator[Output]:
        """One call. `feed` yields PCM blocks until the client ends the input (empty for most stages)."""

    def close(self) -> None:
        """Frees what `load` took."""
