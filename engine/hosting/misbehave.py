"""How the scripted backends go wrong on purpose, so that hosting and sessions can be tested against it.

Options (plain values, so that they reach a worker process):

    misbehave        hang | throw | abort | nothing | forever; absent or empty: behave
    misbehave_after  outputs let through before it happens (default 0)
    misbehave_once   path of a file that is written when it happens; while the file exists the backend
                     behaves. A file, because "once" must outlive the process that is killed for it.
                     Absent or empty: it happens on every call.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TypeVar

from engine.errors import ConfigFault

KINDS = ("hang", "throw", "abort", "nothing", "forever")

_HANG_S = 3600.0
_FOREVER_GAP_S = 0.001

T = TypeVar("T")


class Misbehaviour:
    """What one scripted backend does wrong.

    Raises ConfigFault for a kind that does not exist.
    """

    def __init__(self, options: Mapping[str, str | int | float | bool]) -> None:
        self._kind = str(options.get("misbehave", ""))
        if self._kind and self._kind not in KINDS:
            raise ConfigFault(
                "unknown-misbehaviour", f"misbehave is {self._kind!r}; use one of {', '.join(KINDS)}."
            )
        self._after = int(options.get("misbehave_after", 0))
        once = str(options.get("misbehave_once", ""))
        self._once = Path(once) if once else None

    def apply(self, outputs: Iterator[T]) -> Generator[T, None, None]:
        """Passes on the outputs of one call, and goes wrong where told to.

        hang     stops for an hour, deaf to cancelling, as a stuck native call is
        throw    raises RuntimeError, as a bug in a library would
        abort    kills the process, as a native crash would
        nothing  ends early, without the outputs still owed
        forever  repeats the last output until it is stopped
        """
        if not self._kind or (self._once is not None and self._once.exists()):
            yield from outputs
            return
        if self._kind == "forever":
            yield from self._forever(outputs)
            return
        yield from islice(outputs, self._after)
        self._note()
        if self._kind == "hang":
            time.sleep(_HANG_S)
        elif self._kind == "throw":
            raise RuntimeError("thrown on purpose by a scripted backend")
        elif self._kind == "abort":
            os.abort()

    def _forever(self, outputs: Iterator[T]) -> Generator[T, None, None]:
        self._note()
        last: list[T] = []
        for output in outputs:
            last = [output]
            yield output
        while last:
            time.sleep(_FOREVER_GAP_S)
            yield last[0]

    def _note(self) -> None:
        if self._once is not None:
            self._once.touch()
