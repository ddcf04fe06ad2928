"""How long a call may take, and the bookkeeping for it. Pure: times are passed in."""

from __future__ import annotations

import math

import msgspec


class Deadlines(msgspec.Struct, frozen=True):
    """Limits of one call in seconds. They run from the end of the feed (without a feed: from the start of
    the call), and only while the backend holds the call: not while it waits for a slow consumer, nor while
    the call is queued behind another."""

    first_s: float
    """To the first output after the start."""
    gap_s: float
    """Between outputs; also the longest the backend may take no block while the feed is full."""
    total_s: float
    """For all outputs."""


class Watch:
    """Tells when a call passes a deadline. Times are seconds of one monotonic clock.

    All limits are kept in *held time*: seconds the backend held the call since the start.
    """

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._held = 0.0
        """Held time up to `_since`, or up to now while the clock stands."""
        self._since: float | None = None
        self._started = False
        self._paused = False
        self._answered = False
        self._step_end = math.inf

    def start(self, now: float) -> None:
        """The feed has ended, or there is none."""
        self._started = True
        self._step_end = self._deadlines.first_s
        if not self._paused:
            self._since = now

    def output(self, now: float) -> None:
        """The backend gave an output."""
        if self._started:
            self._answered = True
            self._step_end = self._held_at(now) + self._deadlines.gap_s

    def pause(self, now: float) -> None:
        """The backend must wait for the consumer."""
        self._held = self._held_at(now)
        self._since = None
        self._paused = True

    def resume(self, now: float) -> None:
        """The backend may go on."""
        self._paused = False
        if self._started and self._since is None:
            self._since = now

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def due(self) -> float | None:
        """When a deadline passes if nothing happens before; None while none can."""
        if self._since is None:
            return None
        return self._since + min(self._step_end, self._deadlines.total_s) - self._held

    @property
    def reason(self) -> str:
        """What is late at `due`."""
        limits = self._deadlines
        if limits.total_s <= self._step_end:
            return f"was not done after {limits.total_s:g} s"
        if self._answered:
            return f"gave nothing more for {limits.gap_s:g} s"
        return f"gave no first result within {limits.first_s:g} s"

    def _held_at(self, now: float) -> float:
        return self._held if self._since is None else self._held + (now - self._since)
