from itertools import pairwise

import pytest

from app.avatar.mouth import CLOSED, FORM, MouthShape, Speech
from app.avatar.pose import Pose

LIPS = "ParamMouthOpenY"


def poses(speech: Speech, start: float, seconds: float, fps: int = 100, form: float = 0.0) -> list[Pose]:
    made: list[Pose] = []
    for frame in range(1, round(seconds * fps) + 1):
        pose = {LIPS: 0.3, FORM: form, "ParamAngleY": 0.0}
        speech.apply(pose, start + frame / fps)
        made.append(pose)
    return made


def test_silent_it_leaves_the_expression_alone():
    assert poses(Speech((LIPS,)), 0.0, 1.0)[-1] == {LIPS: 0.3, FORM: 0.0, "ParamAngleY": 0.0}


def test_speaking_it_has_the_lips_and_gives_them_back():
    speech = Speech((LIPS,))
    speech.speak(MouthShape(1.0, -1.0), 0.0)
    opened = poses(speech, 0.0, 0.3)
    assert (opened[-1][LIPS], opened[-1][FORM]) == pytest.approx((1.0, -1.0), abs=0.01)
    speech.speak(CLOSED, 0.3)
    assert poses(speech, 0.3, 0.1)[6][LIPS] < 0.01
    speech.speak(None, 0.4)
    assert poses(speech, 0.4, 0.3)[-1] == pytest.approx({LIPS: 0.3, FORM: 0.0, "ParamAngleY": 0.0}, abs=0.5)


def test_no_sound_moves_the_lips_faster_than_lips_move():
    speech = Speech((LIPS,))
    speech.speak(CLOSED, 0.0)
    poses(speech, 0.0, 0.5)
    speech.speak(MouthShape(1.0, 0.0), 0.5)
    values = [0.0, *(pose[LIPS] for pose in poses(speech, 0.5, 0.2))]
    assert max(b - a for a, b in pairwise(values)) <= 0.17
    assert values[8] == pytest.approx(1.0)


@pytest.mark.parametrize("mood", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("form", [-1.0, 0.0, 1.0])
def test_the_form_is_a_mixture_within_bounds(mood: float, form: float):
    speech = Speech((LIPS,))
    speech.speak(MouthShape(0.8, form), 0.0)
    made = poses(speech, 0.0, 0.5, form=mood)[-1][FORM]
    assert -1.0 <= made <= 1.0
    assert min(mood, form) - 1e-6 <= made <= max(mood, form) + 1e-6


def test_the_head_gives_way_on_loud_syllables():
    speech = Speech((LIPS,))
    speech.speak(MouthShape(1.0, 0.0), 0.0)
    assert -4.0 < poses(speech, 0.0, 1.0)[-1]["ParamAngleY"] < -2.0
