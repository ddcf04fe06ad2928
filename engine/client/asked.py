"""Requests without an answer yet. One that could not be answered in time, because there is no connection, has
failed; what comes for it later counts no more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

DEADLINE_S = 10.0


class Asked:
    """By id, which its user may use again."""

    def __init__(self, connected: Callable[[], bool], fail: Callable[[str], None]) -> None:
        """`fail` is called with the id of each request that has failed."""
        self._connected = connected
        self._fail = fail
        self._timers: dict[str, list[asyncio.TimerHandle]] = {}

    def ask(self, request: str) -> None:
        """It has been asked."""
        self._timers.setdefault(request, []).append(self._timer(request))

    def answered(self, request: str) -> bool:
        """An answer has come; False when nobody waits for it."""
        timers = self._timers.get(request, [])
        if not timers:
            return False
        timers.pop(0).cancel()
        if not timers:
            del self._timers[request]
        return True

    def give_up(self, requests: Iterable[str]) -> None:
        """Those of `requests` that wait have failed."""
        for request in requests:
            if self.answered(request):
                self._fail(request)

    def _timer(self, request: str) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(DEADLINE_S, self._late, request)

    def _late(self, request: str) -> None:
        """With a connection it is the engine that takes its time, and it has deadlines of its own."""
        if self._connected():
            timers = self._timers[request]
            timers.pop(0)
            timers.append(self._timer(request))
        else:
            self.give_up((request,))
