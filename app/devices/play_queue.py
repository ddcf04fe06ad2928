"""Speech between the engine and the sound card, and the play-out clock: which sample is heard now.

Theory of operation. The sound card takes blocks on a thread of its own and says when the first sample of
each will be heard. The queue remembers those moments until they have passed; in between, the clock runs on by
the time that went by. It never runs back, never beyond what was taken, and stands still where nothing was
there to take: silence that fills a gap is not part of the stream.
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


class _Taken(NamedTuple):
    start: int
    samples: int
    heard_at: float


class PlayQueue:
    """int16 mono at `rate` hertz, one stream at a time. Any thread may call any method; none waits long."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._clear(0)

    def put(self, stream: int, pcm: bytes, *, last: bool) -> None:
        """Adds whole samples; a new stream ends the old one."""
        with self._lock:
            if stream != self._stream:
                self._clear(stream)
            self._pcm += pcm
            self._complete = self._complete or last

    def take(self, frames: int, heard_at: float) -> bytes:
        """The next `frames` samples, filled up with silence. The first is heard at `heard_at`, in seconds of
        the clock that `position` is asked by."""
        with self._lock:
            pcm = bytes(self._pcm[: 2 * frames])
            if pcm:
                del self._pcm[: len(pcm)]
                self._on_their_way.append(_Taken(self._taken, len(pcm) // 2, heard_at))
                self._taken += len(pcm) // 2
        return pcm.ljust(2 * frames, b"\0")

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
        self._stream = stream
        self._pcm = bytearray()
        self._complete = False
        self._taken = 0
        self._heard = 0
        self._on_their_way: deque[_Taken] = deque()

    def _position(self, now: float) -> Position:
        while self._on_their_way:
            start, samples, heard_at = self._on_their_way[0]
            by_now = min(samples, int((now - heard_at) * self.rate))
            self._heard = max(self._heard, start + by_now)
            if by_now < samples:
                break
            self._on_their_way.popleft()
        ended = self._complete and not self._pcm and self._heard == self._taken
        return Position(self._stream, self._heard, ended)
