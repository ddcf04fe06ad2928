from __future__ import annotations

import typing
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from engine.errors import PeerFault
from engine.hosting.backend import Traits
from engine.hosting.frames import (
    MAX_FRAME,
    AnyFrame,
    Cancel,
    Close,
    Done,
    EndFeed,
    Failed,
    Feed,
    Frame,
    FrameDecoder,
    Load,
    Loaded,
    Log,
    Output,
    Run,
    Took,
    encode,
)

NUMBERS = st.integers(0, 2**40)
FRAMES = st.one_of(
    st.builds(Load, st.text(), st.dictionaries(st.text(), st.text() | st.booleans()), NUMBERS),
    st.builds(Loaded, st.builds(Traits, holds_gil=st.booleans(), sample_rate=st.integers(1, 96000))),
    st.builds(Run, NUMBERS, st.binary(), st.booleans()),
    st.builds(Feed, NUMBERS, st.binary(max_size=5000)),
    st.builds(EndFeed, NUMBERS),
    st.builds(Took, NUMBERS),
    st.builds(Cancel, NUMBERS),
    st.just(Close()),
    st.builds(Output, NUMBERS, st.binary(max_size=5000)),
    st.builds(Done, NUMBERS),
    st.builds(Failed, NUMBERS, st.text(), st.text(), st.text(), st.text()),
    st.builds(Log, NUMBERS, st.text(), st.text()),
)


def test_every_frame_is_drawn_and_decodable() -> None:
    assert set(typing.get_args(AnyFrame)) == set(Frame.__subclasses__())


@settings(deadline=None)
@given(st.lists(FRAMES, max_size=8), st.lists(st.integers(0, 400), max_size=30))
def test_any_split_of_the_bytes_gives_the_same_frames(frames: list[AnyFrame], cuts: list[int]) -> None:
    data = b"".join(encode(frame) for frame in frames)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    decoder = FrameDecoder()
    decoded: list[AnyFrame] = []
    for start, end in pairwise(edges):
        decoded += decoder.feed(data[start:end])
    assert decoded == frames


def test_one_byte_at_a_time() -> None:
    decoder = FrameDecoder()
    pieces = [decoder.feed(bytes([byte])) for byte in encode(Output(7, b"hello"))]
    assert pieces[-1] == [Output(7, b"hello")]
    assert not any(pieces[:-1])


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=200))
@example(b"\xdd\x00\x00\x00\x01\xa4\x00\x00\x00\x80")  # a tag that is no UTF-8
def test_bytes_that_are_no_frame_are_refused(body: bytes) -> None:
    assume(b"Close" not in body and b"Done" not in body)  # the only ones that might be guessed
    with pytest.raises(PeerFault, match="no frame") as caught:
        FrameDecoder().feed(len(body).to_bytes(4, "big") + body)
    assert caught.value.code == "bad-frame"


def test_a_length_over_the_limit_is_refused_before_its_bytes_arrive() -> None:
    with pytest.raises(PeerFault, match="over the limit"):
        FrameDecoder().feed((MAX_FRAME + 1).to_bytes(4, "big"))


def test_a_frame_over_the_limit_is_not_encoded() -> None:
    with pytest.raises(PeerFault, match="over the limit"):
        encode(Feed(1, bytes(MAX_FRAME)))
