from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.feed import Feed
from app.devices.play_queue import PlayQueue, Position

RATE = 24000


class Device:
    """What an output was sent, and takes when it is told to."""

    def __init__(self, queue: PlayQueue, rate: int) -> None:
        self.rate = rate
        self.generation = 0
        self.pcm = b""
        self.feed = Feed(queue, rate, self.send)

    def send(self, generation: int, pcm: bytes) -> None:
        if generation != self.generation:
            self.pcm = b""
        self.generation = generation
        self.pcm += pcm

    def take(self, samples: int, heard_at: float = 0.0) -> int:
        taken = min(samples, len(self.pcm) // 2)
        self.pcm = self.pcm[2 * taken :]
        self.feed.took(self.generation, taken, heard_at)
        return taken


def tone(samples: int) -> bytes:
    return (8000 * np.sin(2 * np.pi * 440 * np.arange(samples) / RATE)).astype("<i2").tobytes()


def test_at_its_own_rate_speech_is_sent_as_it_is() -> None:
    queue = PlayQueue(RATE)
    queue.put(1, b"aabb", last=False)
    device = Device(queue, RATE)
    device.feed.put(queue.put(1, b"cc", last=True))
    assert device.pcm == b"aabbcc"


def test_a_device_at_another_rate_gets_the_same_sound() -> None:
    queue = PlayQueue(RATE)
    device = Device(queue, 44100)
    device.feed.put(queue.put(1, tone(RATE), last=True))
    sound = np.frombuffer(device.pcm, "<i2")
    assert len(sound) == pytest.approx(44100, abs=2)
    spectrum = np.abs(np.fft.rfft(sound[2000:42000] * np.hanning(40000)))
    assert np.argmax(spectrum) * 44100 / 40000 == pytest.approx(440, abs=2)
    device.take(22050, heard_at=1.0)
    assert queue.position(9.0).samples == pytest.approx(RATE / 2, abs=1)


def test_a_flush_empties_the_device() -> None:
    queue = PlayQueue(RATE)
    device = Device(queue, RATE)
    device.feed.put(queue.put(1, b"aabb", last=False))
    queue.flush(1, 0.0)
    device.feed.catch_up()
    assert device.pcm == b""


def test_a_flush_of_another_stream_sends_nothing_twice() -> None:
    queue = PlayQueue(RATE)
    device = Device(queue, RATE)
    device.feed.put(queue.put(2, b"aabb", last=False))
    queue.flush(1, 0.0)
    device.feed.catch_up()
    assert device.pcm == b"aabb"


def test_another_device_goes_on_with_what_the_first_did_not_take() -> None:
    queue = PlayQueue(RATE)
    lost = Device(queue, RATE)
    lost.feed.put(queue.put(1, b"aabbcc", last=True))
    lost.take(1)
    assert Device(queue, RATE).pcm == b"bbcc"


@given(
    st.sampled_from([8000, 24000, 44100, 48000]),
    st.lists(st.integers(0, 3000), min_size=1, max_size=8),
    st.integers(1, 4000),
)
def test_every_sample_is_heard_once_at_any_rate(rate: int, blocks: list[int], most: int) -> None:
    queue = PlayQueue(RATE)
    device = Device(queue, rate)
    for number, samples in enumerate(blocks, start=1):
        device.feed.put(queue.put(1, tone(samples), last=number == len(blocks)))
        device.take(most)
    while device.take(most):
        pass
    assert queue.position(99.0) == Position(1, sum(blocks), ended=True)
