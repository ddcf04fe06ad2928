"""The pace of a client that does not say what it plays: how far ahead it is sent, and what it has heard.

Theory of operation. Such a client is taken to play blocks as they come, out of a small buffer of its own. Two
playheads move with the clock, and stand still where nothing more was sent: one without that buffer, beyond
which no more than AHEAD_MS is sent (so that an interruption needs no message: the client falls silent by
itself), and one behind it, which is what a person is taken to have heard.
"""

from __future__ import annotations

AHEAD_MS = 200
"""Most audio that is sent ahead of real time."""
CLIENT_BUFFER_MS = 100
"""What a client is taken to hold back before it plays."""


class Pace:
    """One client's speech, at `rate` samples a second. Times are milliseconds of one monotonic clock."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._stream = 0
        self._sent = 0
        self._clock = 0.0
        self._heard = 0.0
        self._at_ms = 0.0

    def wait_ms(self, samples: int, now_ms: float) -> float:
        """How long to wait before a block of `samples` may be sent; 0: send it now."""
        self._advance(now_ms)
        ahead_ms = (self._sent + samples - self._clock) * 1000 / self._rate
        return max(0.0, ahead_ms - max(AHEAD_MS, samples * 1000 / self._rate))

    def sent(self, stream: int, samples: int, now_ms: float) -> None:
        """A block of `stream` was sent; a new stream starts afresh."""
        if stream != self._stream:
            self._stream = stream
            self._sent = 0
            self._clock = 0.0
            self._heard = -CLIENT_BUFFER_MS * self._rate / 1000
            self._at_ms = now_ms
        self._advance(now_ms)
        self._sent += samples

    def heard(self, now_ms: float) -> tuple[int, int]:
        """The stream played last (0: none yet) and how many samples of it were heard."""
        self._advance(now_ms)
        return self._stream, max(0, int(self._heard))

    def _advance(self, now_ms: float) -> None:
        passed = (now_ms - self._at_ms) * self._rate / 1000
        self._at_ms = now_ms
        self._clock = min(self._sent, self._clock + passed)
        self._heard = min(self._sent, self._heard + passed)
