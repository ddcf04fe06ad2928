from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audio import to_pcm
from engine.vad import VadRequest
from engine.vad.scripted import FRAME_SAMPLES, ScriptedDetector

LOUD, QUIET = to_pcm(np.full(FRAME_SAMPLES, 0.02)), to_pcm(np.full(FRAME_SAMPLES, 0.005))


def frames(*blocks, **options):
    detector = ScriptedDetector(options)
    detector.load()
    return list(detector.run(VadRequest(), iter(blocks)))


def test_loud_frames_are_speech_and_quiet_ones_are_not():
    assert [frame.probability for frame in frames(QUIET, LOUD, LOUD, QUIET)] == [0, 1, 1, 0]


@given(cuts=st.lists(st.integers(0, 4 * 1024), max_size=6))
@settings(deadline=None)
def test_however_the_feed_is_cut_the_frames_are_the_same(cuts):
    stream = QUIET + LOUD + QUIET + LOUD
    edges = [0, *sorted(cuts), len(stream)]
    found = frames(*[stream[start:end] for start, end in pairwise(edges)])
    assert [(frame.offset, frame.samples, frame.probability) for frame in found] == [
        (0, 512, 0), (512, 512, 1), (1024, 512, 0), (1536, 512, 1)
    ]  # fmt: skip


def test_a_rest_shorter_than_a_frame_is_dropped():
    assert len(frames(LOUD, LOUD[:-1])) == 1


def test_misbehaves_as_told():
    assert len(frames(LOUD, LOUD, misbehave="nothing", misbehave_after=1)) == 1
