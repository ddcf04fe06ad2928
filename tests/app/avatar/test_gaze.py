import random
from typing import get_args

import pytest

from app.avatar.activity import Activity
from app.avatar.gaze import Gaze
from app.avatar.pose import Pose

ANGLES = ("ParamEyeBallX", "ParamEyeBallY", "ParamAngleX", "ParamAngleY", "ParamAngleZ", "ParamBodyAngleX")


def poses(gaze: Gaze, start: float, seconds: float, fps: int = 60, wakefulness: float = 1.0) -> list[Pose]:
    made: list[Pose] = []
    for frame in range(round(seconds * fps)):
        now = start + frame / fps
        gaze.jumped(now)
        pose = dict.fromkeys(ANGLES, 0.0)
        gaze.apply(pose, now, wakefulness)
        made.append(pose)
    return made


def looking(activity: Activity, seed: int = 1) -> Gaze:
    gaze = Gaze(random.Random(seed))
    gaze.attend(activity, 0.0)
    return gaze


def test_the_eyes_go_first_and_come_back_as_the_head_follows():
    gaze = looking("idle")
    gaze.look_at((0.8, 0.0), 0.0)
    seen = poses(gaze, 0.0, 1.5)
    assert seen[9]["ParamEyeBallX"] > 0.55
    assert seen[9]["ParamAngleX"] < 4
    assert seen[-1]["ParamAngleX"] > 11
    assert 0.2 < seen[-1]["ParamEyeBallX"] < 0.45
    assert seen[30]["ParamBodyAngleX"] < 0.6 * seen[-1]["ParamBodyAngleX"]


@pytest.mark.parametrize("point", [(0.8, 0.5), (-0.8, 0.5), (0.8, -0.5), (-0.8, -0.5)])
def test_it_follows_the_pointer_to_all_sides(point: tuple[float, float]):
    gaze = looking("idle")
    gaze.look_at(point, 0.0)
    pose = poses(gaze, 0.0, 1.5)[-1]
    for value, side in zip((pose["ParamEyeBallX"], pose["ParamEyeBallY"]), point, strict=True):
        assert value * side > 0.05
    for value, side in zip((pose["ParamAngleX"], pose["ParamAngleY"]), point, strict=True):
        assert value * side > 2


def test_a_small_way_is_for_the_eyes_alone():
    gaze = looking("idle")
    gaze.look_at((0.1, 0.0), 0.0)
    pose = poses(gaze, 0.0, 0.5)[-1]
    assert pose["ParamEyeBallX"] == pytest.approx(0.1, abs=0.01)
    assert pose["ParamAngleX"] == 0.0


def test_it_looks_at_the_user_while_listening_whatever_the_pointer_does():
    gaze = looking("listening")
    gaze.look_at((1.0, 1.0), 0.0)
    assert max(abs(value) for pose in poses(gaze, 0.0, 20.0) for value in pose.values()) < 0.1


def test_resting_eyes_still_jump_a_little():
    values = {round(pose["ParamEyeBallX"], 3) for pose in poses(looking("listening"), 0.0, 10.0)}
    assert len(values) > 10


def test_it_looks_away_and_up_while_thinking():
    seen = poses(looking("thinking"), 0.0, 60.0)[60:]
    assert min(pose["ParamEyeBallY"] for pose in seen) > 0
    assert min(pose["ParamAngleX"] for pose in seen) > 2


def test_it_mostly_looks_at_the_user_while_speaking():
    seen = poses(looking("speaking"), 0.0, 120.0)
    at_user = sum(abs(pose["ParamEyeBallX"]) + abs(pose["ParamEyeBallY"]) < 0.12 for pose in seen) / len(seen)
    assert 0.6 < at_user < 0.95


def test_it_loses_interest_in_a_pointer_that_rests():
    gaze = looking("idle")
    gaze.look_at((0.9, 0.0), 0.0)
    seen = poses(gaze, 0.0, 60.0)
    assert min(pose["ParamAngleX"] for pose in seen[90:330]) > 10
    assert min(abs(pose["ParamAngleX"]) for pose in seen[600:]) < 2


def test_it_meets_the_users_eyes_for_a_moment():
    gaze = looking("idle")
    gaze.look_at((0.9, 0.0), 0.0)
    poses(gaze, 0.0, 1.0)
    gaze.meet(1.0)
    gaze.look_at((0.8, 0.0), 1.5)
    assert abs(poses(gaze, 1.5, 0.5)[-1]["ParamEyeBallX"]) < 0.35


def test_a_far_jump_is_told_and_a_small_one_is_not():
    gaze = looking("listening")
    assert gaze.jumped(0.5) is None
    gaze.attend("thinking", 0.5)
    assert gaze.jumped(0.6) == 0.5


@pytest.mark.parametrize("activity", get_args(Activity))
def test_asleep_it_looks_at_nothing(activity: Activity):
    for pose in poses(looking(activity), 0.0, 5.0, wakefulness=0.0):
        assert not any(pose.values())
