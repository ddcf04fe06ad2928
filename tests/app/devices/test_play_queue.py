from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.devices.play_queue import PlayQueue, Position

RATE = 1000


def pcm(samples: int) -> bytes:
    return b"\1\2" * samples


def took(queue: PlayQueue, samples: int, heard_at: float) -> None:
    queue.took(queue.waiting().generation, samples, heard_at)


def test_what_was_not_taken_waits_for_another_device() -> None:
    queue = PlayQueue(RATE)
    queue.put(1, b"aabbcc", last=False)
    took(queue, 2, heard_at=0.0)
    queue.put(1, b"dd", last=True)
    assert queue.waiting()[1:] == (b"ccdd", True)


def test_the_clock_runs_between_blocks_and_stops_at_their_end() -> None:
    queue = PlayQueue(RATE)
    queue.put(7, pcm(200), last=False)
    took(queue, 100, heard_at=10.0)
    assert queue.position(9.0) == Position(7, 0, ended=False)
    assert queue.position(10.04).samples == 40
    assert queue.position(10.5).samples == 100
    took(queue, 100, heard_at=10.6)
    assert queue.position(10.65).samples == 150


def test_a_stream_has_ended_when_its_last_sample_was_heard() -> None:
    queue = PlayQueue(RATE)
    queue.put(7, pcm(100), last=False)
    queue.put(7, b"", last=True)
    took(queue, 200, heard_at=1.0)
    assert not queue.position(1.05).ended
    assert queue.position(1.1) == Position(7, 100, ended=True)


def test_a_gap_is_silence_that_is_not_counted() -> None:
    queue = PlayQueue(RATE)
    queue.put(1, pcm(50), last=False)
    took(queue, 50, heard_at=0.0)
    took(queue, 0, heard_at=0.1)
    assert queue.position(0.2).samples == 50
    queue.put(1, pcm(50), last=True)
    took(queue, 50, heard_at=0.2)
    assert queue.position(0.225).samples == 75


def test_flushing_tells_what_was_heard_and_drops_the_rest() -> None:
    queue = PlayQueue(RATE)
    queue.put(3, pcm(500), last=True)
    took(queue, 100, heard_at=0.0)
    assert queue.flush(2, 0.05) == 0
    assert queue.waiting().pcm == pcm(400)
    assert queue.flush(3, 0.05) == 50
    assert queue.waiting()[1:] == (b"", False)
    assert queue.position(9.0) == Position(0, 0, ended=False)


def test_late_news_of_an_old_stream_count_for_nothing() -> None:
    queue = PlayQueue(RATE)
    old = queue.put(1, pcm(500), last=True)
    queue.put(2, pcm(10), last=True)
    queue.took(old.generation, 10, heard_at=0.0)
    assert queue.position(5.0) == Position(2, 0, ended=False)
    assert queue.waiting().pcm == pcm(10)


def test_a_stream_that_comes_again_after_its_flush_is_another() -> None:
    queue = PlayQueue(RATE)
    old = queue.put(1, pcm(5), last=False)
    queue.flush(1, 0.0)
    assert queue.put(1, pcm(5), last=False).generation != old.generation


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 200), st.floats(0, 0.3)), max_size=30))
def test_the_clock_never_runs_back_nor_ahead(steps: list[tuple[int, int, float]]) -> None:
    queue = PlayQueue(RATE)
    now, put, before = 0.0, 0, 0
    for samples, frames, pause in steps:
        queue.put(1, pcm(samples), last=False)
        put += samples
        took(queue, frames, now + 0.02)
        now += pause
        heard = queue.position(now).samples
        assert before <= heard <= put
        before = heard
