import itertools

import pytest

from app.avatar.motion import parse_motion
from app.avatar.pose import Pose, add
from app.avatar.track import Track
from tests.support.acting import motion_file, wave

FLAT = parse_motion(motion_file(2.0, A=(0, 1.0)), 0.5, 0.5)


def pose(track: Track, now: float) -> float:
    made: Pose = {"A": 0.0}
    track.apply(made, now)
    return made["A"]


def test_a_motion_fades_in_and_out():
    track = Track()
    track.play(FLAT, 1.0)
    values = [pose(track, now) for now in (1.0, 1.25, 1.5, 2.0, 2.75, 3.0, 3.1)]
    assert values == pytest.approx([0.0, 0.5, 1.0, 1.0, 0.5, 0.0, 0.0])
    assert not track.busy(3.0)


def test_what_the_model_does_not_have_is_left_out():
    track = Track()
    track.play(wave(2.0, A=1.0, B=1.0), 0.0)
    made: Pose = {"A": 0.0}
    track.apply(made, 1.0)
    add(made, "C", 1.0)
    assert made == {"A": 1.0}


def test_another_motion_takes_over_without_a_jump():
    track = Track()
    track.play(FLAT, 0.0)
    before = pose(track, 0.3)
    track.play(wave(2.0, A=-1.0), 0.3)
    assert pose(track, 0.3) == pytest.approx(before)
    assert pose(track, 0.31) == pytest.approx(before, abs=0.05)
    assert pose(track, 1.3) == pytest.approx(-1.0)


def test_a_sustained_motion_goes_on_until_it_is_stopped():
    track = Track()
    track.play(FLAT, 0.0, sustained=True)
    values = [pose(track, frame / 30) for frame in range(15, 300)]
    assert min(values) >= 0.7
    track.stop(10.0)
    assert pose(track, 10.0) > 0.7
    assert pose(track, 11.1) == 0.0


def test_a_very_short_motion_still_fades():
    track = Track()
    track.play(parse_motion(motion_file(0.01, A=(0, 1.0)), 0.0, 0.0), 0.0, sustained=True)
    values = [pose(track, frame / 60) for frame in range(60)]
    assert max(abs(after - before) for before, after in itertools.pairwise(values)) < 0.2
