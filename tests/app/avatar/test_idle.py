import random
from itertools import pairwise

import numpy as np

from app.avatar.idle import Idle
from app.avatar.pose import Pose
from tests.support.acting import wave

FPS = 20
NAMES = ("ParamAngleX", "ParamAngleZ", "ParamBodyAngleZ", "ParamBreath", "ParamArmRA", "A", "B", "C")
MOTIONS = tuple(wave(seconds, **{name: 1.0}) for seconds, name in ((3.0, "A"), (4.1, "B"), (5.3, "C")))


def poses(idle: Idle, seconds: float, start: float = 0.0, wakefulness: float = 1.0) -> list[Pose]:
    made: list[Pose] = []
    for frame in range(round(seconds * FPS)):
        pose = dict.fromkeys(NAMES, 0.0)
        idle.apply(pose, start + frame / FPS, wakefulness)
        made.append(pose)
    return made


def crossings(values: list[float]) -> int:
    middle = (max(values) + min(values)) / 2
    return sum(a < middle <= b for a, b in pairwise(values))


def test_motions_come_in_random_order_with_pauses_and_never_twice_in_a_row():
    seen = poses(Idle(MOTIONS, random.Random(1)), 300.0)
    order = [max("ABC", key=lambda name: pose[name]) for pose in seen if max(pose[n] for n in "ABC") > 0.9]
    turns = [name for name, before in zip(order, ["", *order], strict=False) if name != before]
    assert set(turns) == set("ABC")
    assert len(set(pairwise(turns))) >= 5
    assert len(turns) > 20
    still = sum(not any(pose[name] for name in "ABC") for pose in seen) / len(seen)
    assert 0.2 < still < 0.7


def test_one_motion_is_played_again():
    seen = poses(Idle(MOTIONS[:1], random.Random(1)), 60.0)
    assert crossings([pose["A"] for pose in seen]) >= 4


def test_the_sway_never_repeats_itself():
    values = np.array([pose["ParamAngleX"] for pose in poses(Idle((), random.Random(2)), 240.0)])
    window = 20 * FPS
    first = values[:window] - values[:window].mean()
    for later in range(window, len(values) - window, FPS // 4):
        other = values[later : later + window] - values[later : later + window].mean()
        assert np.abs(first - other).max() > 0.3
    assert 1.0 < np.ptp(values) < 5.0


def test_the_weight_is_shifted_from_side_to_side():
    assert crossings([pose["ParamBodyAngleZ"] for pose in poses(Idle((), random.Random(3)), 200.0)]) >= 3


def test_breath_is_slower_asleep():
    awake = poses(Idle((), random.Random(4)), 60.0)
    asleep = poses(Idle((), random.Random(4)), 60.0, wakefulness=0.0)
    assert 14 <= crossings([pose["ParamBreath"] for pose in awake]) <= 18
    assert 8 <= crossings([pose["ParamBreath"] for pose in asleep]) <= 11
    assert (
        min(pose["ParamBreath"] for pose in awake) < 0.02 < 0.98 < max(pose["ParamBreath"] for pose in awake)
    )


def test_asleep_no_motion_is_played_and_awake_again_they_are():
    idle = Idle(MOTIONS, random.Random(5))
    poses(idle, 10.0)
    asleep = poses(idle, 40.0, start=10.0, wakefulness=0.0)
    assert not any(pose[name] for pose in asleep[2 * FPS :] for name in "ABC")
    assert any(pose[name] for pose in poses(idle, 30.0, start=50.0) for name in "ABC")
