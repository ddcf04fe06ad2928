"""Speech that waits to be played, and the play-out clock: which sample is heard now.

Theory of operation. The queue keeps every sample until the sound card has taken it, so that another device
can go on when one is lost. The card says when the first sample of each block it took will be heard. The queue
remembers those moments until they have passed; in between, the clock runs on by the time that went by. It
never runs back, never beyond what was taken, and stands still where nothing was there to take: silence that
fills a gap is not part of the stream.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import NamedTuple


class Position(NamedTuple):
    """How much of a speech stream was heard."""

    stream: int
    """0: nothing is being played."""
    samples: int
    ended: bool
    """The last sample of the stream was heard."""


class Waiting(NamedTuple):
    """What no sound card has taken yet."""

    generation: int
    """Another one after each flush and with each new stream: late news of an old one can be told apart."""
    pcm: bytes
    last: bool
    """The stream ends with it."""


class _Taken(NamedTuple):
    start: int
    samples: int
    heard_at: float


class PlayQueue:
    """int16 mono at `rate` hertz, one stream at a time. Any thread may call any method; none waits long."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._generation = 0
        self._clear(0)

    def put(self, stream: int, pcm: bytes, *, last: bool) -> Waiting:
        """Adds whole samples; a new stream ends the old one. Returns what was added."""
        with self._lock:
            if stream != self._stream:
                self._clear(stream)
            self._pcm += pcm
            self._complete = self._complete or last
            return Waiting(self._generation, pcm, last)

    @property
    def all_taken(self) -> bool:
        """Nothing waits."""
        with self._lock:
            return not self._pcm

    def waiting(self) -> Waiting:
        """All that was put and not taken."""
        with self._lock:
            return Waiting(self._generation, bytes(self._pcm), self._complete)

    def took(self, generation: int, samples: int, heard_at: float) -> None:
        """The next `samples` (or as many as there are) are gone; the first of them is heard at `heard_at`, in
        seconds of the clock that `position` is asked by. News of an old generation are ignored."""
        with self._lock:
            samples = min(samples, len(self._pcm) // 2)
            if generation == self._generation and samples:
                del self._pcm[: 2 * samples]
                self._on_their_way.append(_Taken(self._taken, samples, heard_at))
                self._taken += samples

    def position(self, now: float) -> Position:
        """What has been heard by `now`, in seconds."""
        with self._lock:
            return self._position(now)

    def flush(self, stream: int, now: float) -> int:
        """Drops what is left of `stream` and returns how many samples of it were heard."""
        with self._lock:
            if stream != self._stream:
                return 0
            heard = self._position(now).samples
            self._clear(0)
            return heard

    def _clear(self, stream: int) -> None:
        self._generation += 1
        self._stream = stream
        self._pcm = bytearray()
        self._complete = False
        self._taken = 0
        self._heard = 0
        self._on_their_way: deque[_Taken] = deque()

    def _position(self, now: float) -> Position:
        while self._on_their_way:
            start, samples, heard_at = self._on_their_way[0]
            by_now = min(samples, round((now - heard_at) * self.rate))
            self._heard = max(self._heard, start + by_now)
            if by_now < samples:
                break
            self._on_their_way.popleft()
        ended = self._complete and not self._pcm and self._heard == self._taken
        return Position(self._stream, self._heard, ended)
