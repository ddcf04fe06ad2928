"""Hands speech to one output at the rate of its device, and tells the queue, at the rate of speech, what the
device took. Pure.

Everything is handed over as it comes, however long it takes to play: so the voice goes on while this process
is busy, and a flush costs one message.
"""

from __future__ import annotations

from collections.abc import Callable

from app.devices.play_queue import PlayQueue, Waiting
from engine.audio import Resampler

Send = Callable[[int, bytes], None]
"""Gets a generation, and int16 samples of it; a new generation replaces what was there."""


class Feed:
    """One output, from its opening to its end."""

    def __init__(self, queue: PlayQueue, rate: int, send: Send) -> None:
        """`rate`: hertz of the device. What waits in the queue is sent at once."""
        self._queue = queue
        self._rate = rate
        self._send = send
        self._generation = 0
        self.catch_up()

    def catch_up(self) -> None:
        """Drops what was sent, if the queue dropped it, and sends what waits instead."""
        waiting = self._queue.waiting()
        if waiting.generation != self._generation:
            self.put(waiting)

    def put(self, added: Waiting) -> None:
        """Sends what was added to the queue; a new generation takes the place of all before."""
        if added.generation != self._generation:
            self._generation = added.generation
            self._resampler = Resampler(self._queue.rate, self._rate)
            self._samples = self._sent = self._taken = self._told = 0
            self._complete = False
        pcm = self._resampler.process(added.pcm)
        if added.last and not self._complete:
            self._complete = True
            pcm += self._resampler.flush()
        self._samples += len(added.pcm) // 2
        self._sent += len(pcm) // 2
        self._send(self._generation, pcm)

    def took(self, generation: int, samples: int, heard_at: float) -> None:
        """The device took `samples`, at its rate; the first is heard at `heard_at` (see PlayQueue.took)."""
        if generation != self._generation:
            return
        self._taken += samples
        done = self._complete and self._taken >= self._sent
        told = self._samples if done else self._taken * self._queue.rate // self._rate
        self._queue.took(generation, told - self._told, heard_at)
        self._told = told
