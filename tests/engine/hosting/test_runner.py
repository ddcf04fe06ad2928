from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
import pytest

from engine.asr import AsrRequest
from engine.hosting.backend import Cancelled, Traits
from engine.hosting.frames import (
    OUTPUT_WINDOW,
    AnyFrame,
    Cancel,
    Close,
    Done,
    EndFeed,
    Failed,
    Feed,
    Frame,
    Load,
    Loaded,
    Output,
    Run,
    Took,
)
from engine.hosting.runner import Runner
from engine.tts import SpeechChunk, SpeechRequest

SPEAKER = Load("backends_for_tests:Speaker", {}, 0)
LISTENER = Load("backends_for_tests:Listener", {}, 0)


def speak(call: int, text: str) -> Run:
    return Run(call, msgspec.msgpack.encode(SpeechRequest(text)), False)


def listen(call: int, command: str) -> Run:
    return Run(call, msgspec.msgpack.encode(AsrRequest(command)), True)


def serve(*frames: AnyFrame) -> list[Frame]:
    """What a runner emits for frames that are all there from the start."""
    emitted: list[Frame] = []
    runner = Runner(emitted.append)
    for frame in frames:
        runner.deliver(frame)
    runner.serve()
    return emitted


class Threaded:
    """A runner on a thread of its own, for what needs an answer in between."""

    def __init__(self) -> None:
        self.emitted: list[Frame] = []
        self._news = threading.Condition()
        self.runner = Runner(self._emit)
        self.thread = threading.Thread(target=self.runner.serve)

    def __enter__(self) -> Threaded:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.deliver(Close())
        self.thread.join(timeout=10)
        assert not self.thread.is_alive()

    def _emit(self, frame: Frame) -> None:
        with self._news:
            self.emitted.append(frame)
            self._news.notify_all()

    def wait_for(self, kind: type[Frame], count: int) -> None:
        def there() -> bool:
            return sum(isinstance(frame, kind) for frame in self.emitted) >= count

        with self._news:
            assert self._news.wait_for(there, timeout=10), self.emitted


def test_loads_and_tells_the_traits_of_the_loaded_backend() -> None:
    assert serve(SPEAKER, Close()) == [Loaded(Traits(sample_rate=48000))]


def test_a_target_that_does_not_exist() -> None:
    (failed,) = serve(Load("backends_for_tests:Nobody", {}, 0), Close())
    assert isinstance(failed, Failed)
    assert failed.call == 0
    assert "AttributeError" in failed.message


def test_feed_is_acknowledged_block_by_block() -> None:
    with Threaded() as runner:
        for frame in (LISTENER, listen(1, "sum"), Feed(1, b"\1\2"), Feed(1, b"\3"), EndFeed(1)):
            runner.runner.deliver(frame)
        runner.wait_for(Done, 1)
    assert runner.emitted[1:3] == [Took(1), Took(1)]
    assert b"6" in msgspec.convert(runner.emitted[3], Output).value
    assert runner.emitted[4] == Done(1)


def test_a_request_that_is_none_fails_that_call_only() -> None:
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(Run(1, b"\xc1", False))
        runner.wait_for(Failed, 1)
        runner.runner.deliver(speak(2, "echo a"))
        runner.wait_for(Done, 1)
    assert runner.emitted[-1] == Done(2)


def test_pauses_when_outputs_are_not_taken_and_goes_on_when_they_are() -> None:
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(speak(1, f"echo {'x' * (OUTPUT_WINDOW + 1)}"))
        runner.wait_for(Output, OUTPUT_WINDOW)
        assert not any(isinstance(frame, Done) for frame in runner.emitted)
        runner.runner.deliver(Took(1))
        runner.wait_for(Output, OUTPUT_WINDOW + 1)
        runner.runner.deliver(Took(1))
        runner.wait_for(Done, 1)


def test_cancel_reaches_a_paused_backend_and_one_that_waits_for_its_feed() -> None:
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(speak(1, "forever"))
        runner.wait_for(Output, OUTPUT_WINDOW)
        runner.runner.deliver(Cancel(1))
        runner.wait_for(Done, 1)
    with Threaded() as runner:
        runner.runner.deliver(LISTENER)
        runner.runner.deliver(listen(1, "partials"))
        runner.runner.deliver(Feed(1, b"12"))
        runner.wait_for(Output, 1)
        runner.runner.deliver(Cancel(1))
        runner.wait_for(Done, 1)
    assert isinstance(runner.emitted[-2], Output)
    assert b"end" not in runner.emitted[-2].value  # a cancelled feed is not an ended one


def test_cancel_reaches_a_backend_in_the_middle_of_its_work() -> None:
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        for call in (1, 2):
            runner.runner.deliver(speak(call, "work"))
            runner.wait_for(Output, call)
            runner.runner.deliver(Cancel(call))
            runner.wait_for(Done, call)


def test_frames_of_an_ended_call_have_no_effect() -> None:
    with Threaded() as runner:
        runner.runner.deliver(LISTENER)
        for frame in (listen(1, "sum"), EndFeed(1)):
            runner.runner.deliver(frame)
        runner.wait_for(Done, 1)
        stale = (Cancel(1), Feed(1, b"\1"), Took(1), EndFeed(1))
        for frame in (*stale, listen(2, "sum"), *stale, Feed(2, b"\2"), EndFeed(2)):
            runner.runner.deliver(frame)
        runner.wait_for(Done, 2)
    assert [b"2" in frame.value for frame in runner.emitted if isinstance(frame, Output)] == [False, True]


def test_close_unwinds_what_runs() -> None:
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(speak(1, "forever"))
        runner.wait_for(Output, 1)
    assert runner.emitted[-1] == Done(1)


def test_a_backend_that_raises_cancelled_uncalled_for_has_failed(
    backends: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object) -> Iterator[SpeechChunk]:
        raise Cancelled

    monkeypatch.setattr(backends, "Speaker", type("Speaker", (backends.Speaker,), {"run": give_up}))  # type: ignore[attr-defined]
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(speak(1, "echo a"))
        runner.wait_for(Failed, 1)


def test_outputs_may_come_from_any_iterator(backends: object, monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(*_: object) -> Iterator[SpeechChunk]:
        return iter([SpeechChunk(b"12")])

    monkeypatch.setattr(backends, "Speaker", type("Speaker", (backends.Speaker,), {"run": plain}))  # type: ignore[attr-defined]
    with Threaded() as runner:
        runner.runner.deliver(SPEAKER)
        runner.runner.deliver(speak(1, ""))
        runner.wait_for(Done, 1)
    assert isinstance(runner.emitted[1], Output)
