"""The whole play: layers against each other, any order of events, any frame rate."""

import math
import random
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.avatar.actor import LONGEST_STEP_S, Actor, Area
from app.avatar.description import ModelDescription, Range
from app.avatar.expression import Change, Expression
from app.avatar.mouth import CLOSED, MouthShape
from engine.messages import Emotion
from tests.support.acting import EXPRESSIONS, EYES, RANGES, actor, description, play, still, wave

FASTEST = {"ParamEyeBallX": 11.0, "ParamEyeBallY": 11.0, "ParamMouthForm": 26.0, "ParamMouthOpenY": 26.0}
FASTEST |= dict.fromkeys(EYES, 26.0)
"""Most a parameter may move, in its ranges a second; eyes, lids and lips are the quick ones."""
FASTEST_OTHER = 5.0


def last(actor: Actor, seconds: float, fps: int = 60) -> Mapping[str, float]:
    return list(play(actor, seconds, fps))[-1]


def felt(emotion: Emotion, model: ModelDescription | None = None) -> Actor:
    made = actor(model or still())
    made.feel(emotion)
    return made


# ---------------------------------------------------------------- any play

EVENTS = st.one_of(
    st.tuples(st.just("feel"), st.sampled_from([*EXPRESSIONS, "calm"])),
    st.tuples(st.just("attend"), st.sampled_from(["idle", "listening", "thinking", "speaking"])),
    st.tuples(st.just("touch"), st.sampled_from(["head", "body", "hand"])),
    st.tuples(st.just("look_at"), st.none() | st.tuples(st.floats(-2, 2), st.floats(-2, 2))),
    st.tuples(st.just("mouth"), st.none() | st.builds(MouthShape, st.floats(0, 1), st.floats(-1, 1))),
    st.tuples(st.just("greet")),
)


@given(
    seed=st.integers(0, 99),
    play=st.lists(st.tuples(st.floats(1 / 144, 0.1), st.lists(EVENTS, max_size=2)), max_size=150),
)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_it_stays_in_range_and_never_jumps(
    seed: int, play: list[tuple[float, list[tuple[str, ...]]]]
):
    made = actor(seed=seed)
    before = made.step(0.0)
    for dt, events in play:
        for name, *arguments in events:
            getattr(made, name)(*arguments)
        pose = made.step(dt)
        assert pose.keys() == RANGES.keys()
        for parameter, (minimum, _, maximum) in RANGES.items():
            assert minimum <= pose[parameter] <= maximum
            moved = abs(pose[parameter] - before[parameter]) / (maximum - minimum)
            assert moved <= FASTEST.get(parameter, FASTEST_OTHER) * dt + 1e-9, parameter
        before = pose


@pytest.mark.parametrize("fps", [10, 30, 144])
def test_the_play_does_not_depend_on_the_frame_rate(fps: int):
    def ends(fps: int) -> list[Mapping[str, float]]:
        made = actor(seed=3)
        poses = [last(made, 1.0, fps)]
        made.feel("sad")
        poses.append(last(made, 1.0, fps))
        made.attend("thinking")
        poses.append(last(made, 1.0, fps))
        made.touch("head")
        made.mouth(MouthShape(0.7, -0.5))
        poses.append(last(made, 1.0, fps))
        made.mouth(None)
        made.attend("idle")
        return [*poses, *(last(made, 1.0, fps) for _ in range(10))]

    for pose, reference in zip(ends(fps), ends(60), strict=True):
        for parameter, (minimum, _, maximum) in RANGES.items():
            allowed = 0.01 * (maximum - minimum)
            assert pose[parameter] == pytest.approx(reference[parameter], abs=allowed), parameter


def test_the_same_seed_and_events_make_the_same_play():
    def poses(seed: int) -> list[Mapping[str, float]]:
        made = actor(seed=seed)
        made.feel("happy")
        return list(play(made, 5.0))

    assert poses(1) == poses(1) != poses(2)


def test_a_machine_that_slept_is_a_pause():
    slept, paused = actor(), actor()
    assert slept.step(600.0) == paused.step(LONGEST_STEP_S)
    assert slept.step(math.inf) == paused.step(LONGEST_STEP_S)
    assert slept.step(math.nan) == slept.step(-5.0) == paused.step(0.0)


def test_nonsense_from_outside_changes_nothing():
    made, plain = actor(), actor()
    made.look_at((math.nan, 0.0))
    made.mouth(MouthShape(math.nan, math.inf))
    made.step(0.1)
    made.mouth(None)
    plain.step(0.1)
    assert list(play(made, 3.0))[-1] == pytest.approx(list(play(plain, 3.0))[-1], abs=1e-3)


def test_what_is_beyond_a_range_is_held_in_it():
    far = Expression(
        {"ParamAngleX": Change(999.0), "ParamAngleY": Change(-999.0), "ParamCheek": Change(math.nan)}
    )
    pose = last(felt("sad", still()._replace(expressions={"sad": far})), 2.0)
    assert (pose["ParamAngleX"], pose["ParamAngleY"], pose["ParamCheek"]) == (30.0, -30.0, 0.0)


def test_a_model_without_the_usual_parameters_is_played_with_what_it_has():
    model, odd = description(), Range(0.0, 7.0, 5.0)
    for names in ((), ("ParamAngleX", "ParamEyeLOpen"), ("Something",)):
        made = actor(model._replace(parameters={name: RANGES.get(name, odd) for name in names}))
        made.feel("sad")
        made.greet()
        made.touch("head")
        pose = last(made, 0.5)
        assert pose.keys() == set(names)
        assert pose.get("Something", 5.0) == 5.0  # its default is held in its range


def test_a_model_without_expressions_and_motions_still_lives():
    poses = list(play(actor(ModelDescription(RANGES, {}, {})), 20.0))
    for parameter in ("ParamAngleX", "ParamBodyAngleZ", "ParamBreath", "ParamEyeLOpen", "ParamEyeBallX"):
        values = [pose[parameter] for pose in poses]
        assert max(values) > min(values), parameter


# ---------------------------------------------------------------- eyes


def test_an_eye_that_the_expression_closes_does_not_blink():
    poses = list(play(felt("happy"), 2.4))[60:]
    assert max(pose[eye] for pose in poses for eye in EYES) < 0.02


def test_an_eye_that_is_all_but_closed_does_not_blink():
    slit = Expression({eye: Change(0.25, "Multiply") for eye in EYES})
    poses = list(play(felt("sad", still()._replace(expressions={"sad": slit})), 2.4))[60:]
    assert min(pose[eye] for pose in poses for eye in EYES) > 0.23


def test_a_wink_blinks_with_the_other_eye_only():
    poses: list[Mapping[str, float]] = []
    for seed in range(10):
        made = actor(still(), seed)
        made.feel("coquettish")
        poses += list(play(made, 2.4))[60:]
    assert max(pose["ParamEyeLOpen"] for pose in poses) < 0.02
    assert (
        min(pose["ParamEyeROpen"] for pose in poses)
        < 0.1
        < 0.9
        < max(pose["ParamEyeROpen"] for pose in poses)
    )


def test_a_blink_closes_what_the_expression_leaves_open_and_returns_to_it():
    opened = [pose["ParamEyeLOpen"] for pose in list(play(felt("sad"), 5.0))[60:]]
    assert min(opened) < 0.05
    assert max(opened) == pytest.approx(0.7, abs=0.01)


# ---------------------------------------------------------------- mouth


def test_lips_speak_over_the_expression_and_return_to_it():
    made = felt("surprised")
    assert last(made, 1.0)["ParamMouthOpenY"] == pytest.approx(0.8, abs=0.02)
    made.mouth(CLOSED)
    assert last(made, 0.3)["ParamMouthOpenY"] == pytest.approx(0.0, abs=0.02)
    made.mouth(MouthShape(0.6, -1.0))
    pose = last(made, 0.3)
    assert (pose["ParamMouthOpenY"], pose["ParamMouthForm"]) == pytest.approx((0.6, -1.0), abs=0.02)
    made.mouth(None)
    pose = last(made, 0.5)
    assert (pose["ParamMouthOpenY"], pose["ParamMouthForm"]) == pytest.approx((0.8, 0.0), abs=0.02)


def test_a_smile_colours_what_is_said():
    made, plain = felt("happy"), actor(still())
    for each in (made, plain):
        each.mouth(MouthShape(0.6, -0.6))
    assert last(made, 1.0)["ParamMouthForm"] > last(plain, 1.0)["ParamMouthForm"] + 0.4


def test_a_touch_moves_the_lips_of_one_who_is_silent_only():
    silent, speaking = actor(), actor()
    speaking.mouth(MouthShape(0.2, 0.0))
    for made in (silent, speaking):
        last(made, 1.0)
        made.touch("head")
    assert last(silent, 0.75)["ParamMouthOpenY"] > 0.6
    assert last(speaking, 0.75)["ParamMouthOpenY"] == pytest.approx(0.2, abs=0.02)


# ---------------------------------------------------------------- motions


def arm(actor: Actor, seconds: float) -> float:
    return max(pose["ParamArmRA"] for pose in play(actor, seconds))


def test_a_feeling_brings_its_gesture_but_not_with_every_sentence():
    made = felt("happy", still(Happy=description().motions["Happy"]))
    assert arm(made, 2.0) > 8
    made.feel("happy")
    assert arm(made, 2.0) < 2
    last(made, 9.0)
    made.feel("happy")
    assert arm(made, 2.0) > 8


def test_a_greeting_waves_or_smiles():
    waving, smiling = actor(still(Greeting=description().motions["Greeting"])), actor(still())
    for made in (waving, smiling):
        made.greet()
    assert last(waving, 1.0)["ParamArmRA"] > 8
    assert last(smiling, 1.0)["ParamMouthForm"] > 0.8
    assert abs(last(smiling, 4.0)["ParamMouthForm"]) < 0.05


@pytest.mark.parametrize(
    ("area", "parameter"), [("head", "ParamCheek"), ("body", "ParamMouthOpenY"), ("hand", "ParamMouthForm")]
)
def test_a_touch_makes_a_face_where_there_is_no_motion(area: Area, parameter: str):
    made = actor(still())
    made.touch(area)
    assert last(made, 1.0)[parameter] > 0.7
    assert abs(last(made, 3.0)[parameter]) < 0.05


@pytest.mark.parametrize(
    ("activity", "parameter"), [("listening", "ParamBodyAngleY"), ("thinking", "ParamArmLA")]
)
def test_a_posture_is_kept_while_it_lasts(activity: str, parameter: str):
    motions = description().motions
    made = actor(still(Listening=motions["Listening"], Thinking=motions["Thinking"]))
    made.attend(activity)  # type: ignore[arg-type]
    values = [pose[parameter] for pose in play(made, 12.0)]
    for start in (0, 240, 480):
        assert max(values[start : start + 240]) > 3.5
    made.attend("idle")
    assert abs(last(made, 1.0)[parameter]) < 1.2


def test_a_touch_is_not_begun_anew_while_it_is_played():
    once, often = actor(), actor()
    once.touch("head")
    often.touch("head")
    for a, b in zip(play(once, 1.2), play(often, 1.2, each=lambda it: it.touch("head")), strict=True):
        assert a["ParamAngleY"] == b["ParamAngleY"]


# ---------------------------------------------------------------- sleep


def test_it_falls_asleep_and_wakes_softly():
    made = actor()
    assert min(pose["ParamEyeLOpen"] for pose in play(made, 280.0, fps=10)) >= 0
    assert max(pose["ParamEyeLOpen"] for pose in play(made, 3.0, fps=10)) > 0.9
    last(made, 30.0, fps=10)
    poses = list(play(made, 20.0, fps=10))
    assert max(pose["ParamEyeLOpen"] for pose in poses) < 0.02
    assert min(pose["ParamAngleY"] for pose in poses) < -9
    assert max(abs(b["ParamAngleY"] - a["ParamAngleY"]) for a, b in pairwise(poses)) < 2
    made.look_at((0.5, 0.0))
    assert last(made, 0.2)["ParamEyeLOpen"] < 0.6
    assert max(pose["ParamEyeLOpen"] for pose in play(made, 3.0)) > 0.9


def test_the_head_sinks_even_without_a_motion_for_it():
    made = actor(still())
    last(made, 320.0, fps=10)
    assert last(made, 5.0, fps=10)["ParamAngleY"] < -9


def test_who_listens_or_moves_the_pointer_keeps_it_awake():
    listening, watching = actor(), actor()
    listening.attend("listening")
    where = random.Random(5)
    for _ in range(40):
        watching.look_at((where.uniform(-1, 1), 0.0))
        last(watching, 10.0, fps=10)
        last(listening, 10.0, fps=10)
    for made in (listening, watching):
        assert max(pose["ParamEyeLOpen"] for pose in play(made, 3.0)) > 0.9


def test_motions_do_not_move_hair_that_physics_moves():
    assert {pose["ParamHairFront"] for pose in play(actor(), 5.0)} == {0.0}


def test_idle_motions_yield_to_the_expression():
    made = felt("angry", still(Idle=(wave(4.0, ParamBrowLY=0.5),)))
    assert all(pose["ParamBrowLY"] < -0.4 for pose in list(play(made, 20.0))[60:360])
