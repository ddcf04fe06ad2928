"""One thread that owns what must not be shared (SQLite and Chroma objects), with a bounded line before it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from engine.errors import StageFault

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_LINE = 256
"""Calls that may wait at once."""


class OwnerThread:
    """Runs calls one after another, in the order they came, off the event loop."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._line = 0

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function` returns or raises. Raises StageFault `memory-busy` when too many calls wait.

        A caller that is cancelled stops waiting; a call that has begun still ends.
        """
        if self._line >= LONGEST_LINE:
            raise StageFault("memory", "Too much is asked of memory at once: try again.", code="memory-busy")
        self._line += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, partial(function, *args, **kwargs)
            )
        finally:
            self._line -= 1

    def close(self) -> None:
        """Ends the thread after the call it runs; calls that still wait are cancelled."""
        self._pool.shutdown(wait=False, cancel_futures=True)
