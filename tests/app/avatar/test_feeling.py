from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.expression import Change, Expression
from app.avatar.feeling import Feeling
from app.avatar.pose import Pose
from engine.messages import Emotion

FACES = {
    emotion: Expression({emotion: Change(1.0, "Overwrite"), "Mouth": Change(mouth, "Overwrite")})
    for emotion, mouth in {"happy": 1.0, "sad": -1.0, "calm": 0.1, "surprised": 0.5}.items()
}


def pose(feeling: Feeling, now: float, wakefulness: float = 1.0) -> Pose:
    made: Pose = dict.fromkeys((*FACES, "Mouth"), 0.0)
    feeling.apply(made, now, wakefulness)
    return made


def test_calm_is_the_face_at_rest():
    assert pose(Feeling(FACES, ()), 5.0) == pytest.approx(
        {"happy": 0, "sad": 0, "surprised": 0, "calm": 1, "Mouth": 0.1}
    )


def test_one_face_fades_into_the_other():
    feeling = Feeling(FACES, ())
    feeling.feel("happy", 0.0)
    assert pose(feeling, 0.0)["happy"] == 0.0
    assert pose(feeling, 0.17)["happy"] == pytest.approx(0.5, abs=0.02)
    assert pose(feeling, 1.0)["happy"] == pytest.approx(1.0, abs=0.01)
    feeling.feel("sad", 1.0)
    half = pose(feeling, 1.17)
    assert half["happy"] == pytest.approx(half["sad"], abs=0.05)
    assert half["Mouth"] == pytest.approx(0.0, abs=0.1)
    assert pose(feeling, 2.0)["Mouth"] == pytest.approx(-1.0, abs=0.02)


def test_in_silence_a_feeling_calms_down_slowly_and_never_quite():
    feeling = Feeling(FACES, ())
    feeling.feel("happy", 0.0)
    values = [pose(feeling, float(now))["happy"] for now in (5, 10, 20, 40, 120)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 0.99
    assert values[2] > 0.6
    assert values[-1] == pytest.approx(0.2, abs=0.01)


def test_being_spoken_keeps_a_feeling_fresh():
    feeling = Feeling(FACES, ())
    feeling.feel("happy", 0.0)
    for now in range(1, 60):
        feeling.stay(float(now))
        assert pose(feeling, now + 0.5)["happy"] > 0.9


def test_a_flash_returns_to_the_feeling_before():
    feeling = Feeling(FACES, ())
    feeling.feel("sad", 0.0)
    pose(feeling, 1.0)
    feeling.flash("surprised", 1.0, 2.0)
    assert pose(feeling, 2.5)["surprised"] > 0.99
    assert pose(feeling, 4.5)["sad"] > 0.99
    assert feeling.emotion == "sad"


def test_a_new_feeling_ends_a_flash():
    feeling = Feeling(FACES, ())
    feeling.flash("surprised", 0.0, 2.0)
    feeling.feel("happy", 1.0)
    assert pose(feeling, 4.0)["happy"] > 0.99


def test_eyes_that_it_shuts_open_after_a_moment():
    laughing = Expression({"EyeL": Change(0.0, "Multiply"), "EyeR": Change(0.6, "Multiply")})
    feeling = Feeling({"happy": laughing}, ("EyeL", "EyeR"))

    def eyes(now: float) -> Pose:
        made: Pose = {"EyeL": 1.0, "EyeR": 1.0}
        feeling.apply(made, now, 1.0)
        return made

    feeling.feel("happy", 10.0)
    for now in (11.0, 12.4):
        assert eyes(now) == pytest.approx({"EyeL": 0.0, "EyeR": 0.6}, abs=0.01)
    feeling.feel("happy", 12.4)
    assert eyes(14.5) == pytest.approx({"EyeL": 0.75, "EyeR": 0.6}, abs=0.01)
    feeling.feel("calm", 15.0)
    eyes(16.0)
    feeling.feel("happy", 17.0)
    assert eyes(18.0)["EyeL"] == pytest.approx(0.0, abs=0.01)


def test_a_face_the_model_lacks_is_the_face_at_rest():
    feeling = Feeling({}, ())
    feeling.feel("angry", 0.0)
    assert pose(feeling, 1.0) == dict.fromkeys((*FACES, "Mouth"), 0.0)


def test_asleep_little_of_it_is_left():
    feeling = Feeling(FACES, ())
    feeling.feel("happy", 0.0)
    assert pose(feeling, 2.0, wakefulness=0.2)["happy"] < 0.25


@given(st.lists(st.tuples(st.floats(0, 2), st.sampled_from(get_args(Emotion)), st.booleans()), max_size=20))
def test_the_faces_always_make_up_one(events: list[tuple[float, Emotion, bool]]):
    feeling, now = Feeling(FACES, ()), 0.0
    for passed, emotion, flash in events:
        now += passed
        if flash:
            feeling.flash(emotion, now, 1.0)
        else:
            feeling.feel(emotion, now)
        made = pose(feeling, now + 0.05)
        now += 0.05
        assert all(-1e-9 <= made[name] <= 1.06 for name in FACES)
        assert -1.06 <= made["Mouth"] <= 1.06
