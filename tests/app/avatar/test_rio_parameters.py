"""Every parameter of Rio moves what it is named after, and nothing else: compared with her picture at rest.

Where her eyes and mouth are is not written down here but seen: an eye is what changes when it closes.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.stage import HEIGHT, WIDTH, Box, Stage, box, seen

SIDES = ("L", "R")


@pytest.fixture(scope="module")
def eyes(stage: Stage) -> dict[str, Box]:
    """Where each eye is."""
    return {side: box(stage.moved(**{f"ParamEye{side}Open": 0.0})) for side in SIDES}


@pytest.fixture(scope="module")
def mouth(stage: Stage) -> Box:
    """Where the open mouth is."""
    return box(stage.moved(ParamMouthOpenY=1.0))


def test_eyes_are_a_pair(eyes: dict[str, Box]) -> None:
    """`L` is the eye on her own left, which we see on the right."""
    left, right = eyes["L"], eyes["R"]
    assert right.right < left.left
    assert left.y == pytest.approx(right.y, abs=8)
    assert (left.x + right.x) / 2 == pytest.approx(WIDTH / 2, abs=12)


def test_mouth_is_below_and_between_the_eyes(eyes: dict[str, Box], mouth: Box) -> None:
    assert mouth.top > max(eye.bottom for eye in eyes.values())
    assert eyes["R"].x < mouth.left
    assert mouth.right < eyes["L"].x


def test_eyes_can_open_wider(stage: Stage, eyes: dict[str, Box]) -> None:
    for side in SIDES:
        wide = box(stage.moved(**{f"ParamEye{side}Open": 1.2}))
        assert eyes[side].grown(8).holds(wide)


@pytest.mark.parametrize("side", SIDES)
def test_smiling_and_closed_eye_differ(stage: Stage, eyes: dict[str, Box], side: str) -> None:
    shut, smiling = (
        stage.moved(**{f"ParamEye{side}Open": 0.0, f"ParamEye{side}Smile": smile}) for smile in (0.0, 1.0)
    )
    assert eyes[side].grown(10).holds(box(shut ^ smiling))


@pytest.mark.parametrize("name", ["ParamEyeBallX", "ParamEyeBallY"])
def test_eyeballs_stay_in_the_eyes(stage: Stage, eyes: dict[str, Box], name: str) -> None:
    for value in (-1.0, 1.0):
        moved = stage.moved(**{name: value})
        for eye in eyes.values():
            inside = moved[eye.top : eye.bottom, eye.left : eye.right]
            assert inside.sum() > 50
            moved[eye.top : eye.bottom, eye.left : eye.right] = False
        assert moved.sum() <= 12


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("what", ["X", "Y", "Angle", "Form"])
def test_brow_is_above_its_eye(stage: Stage, eyes: dict[str, Box], side: str, what: str) -> None:
    eye = eyes[side]
    above = Box(eye.left - 12, eye.top - 40, eye.right + 12, round(eye.y))
    for value in (-1.0, 1.0):
        assert above.holds(box(stage.moved(**{f"ParamBrow{side}{what}": value})))


def test_brows_rise_with_their_parameter(stage: Stage) -> None:
    for side in SIDES:
        low, high = (box(stage.moved(**{f"ParamBrow{side}Y": value})) for value in (-1.0, 1.0))
        assert high.top < low.top


def test_mouth_forms_are_of_the_mouth(stage: Stage, mouth: Box) -> None:
    for form in (-1.0, 1.0):
        moved = box(stage.moved(ParamMouthForm=form, ParamMouthOpenY=1.0))
        assert mouth.grown(20).holds(moved)


def test_rounded_lips_are_narrower_than_spread_ones(stage: Stage) -> None:
    closed = {form: stage.picture(ParamMouthForm=form) for form in (-1.0, 1.0)}
    widths = {}
    for form in (-1.0, 1.0):
        opened = stage.picture(ParamMouthForm=form, ParamMouthOpenY=0.6)
        widths[form] = box(seen(opened, closed[form])).width
    assert widths[-1.0] < 0.6 * widths[1.0]


def test_mouth_opens_steadily(stage: Stage) -> None:
    areas = [stage.moved(ParamMouthOpenY=value).sum() for value in (0.25, 0.5, 0.75, 1.0)]
    assert areas == sorted(areas)
    assert areas[0] > 20


def test_cheeks_redden_on_both_sides_below_the_eyes(stage: Stage, eyes: dict[str, Box], mouth: Box) -> None:
    red = box(stage.moved(ParamCheek=1.0))
    assert min(eye.y for eye in eyes.values()) < red.y < mouth.bottom
    assert red.left < eyes["R"].x < eyes["L"].x < red.right


def test_breath_lifts_the_body(stage: Stage, mouth: Box) -> None:
    moved = stage.moved(ParamBreath=1.0)
    assert moved[mouth.bottom :].sum() > 500


@pytest.mark.parametrize("name", ["ParamAngleX", "ParamAngleY", "ParamAngleZ"])
def test_turning_the_head_leaves_the_lower_body(stage: Stage, mouth: Box, name: str) -> None:
    for value in (-30.0, 30.0):
        moved = stage.moved(**{name: value})
        assert moved[: mouth.bottom].sum() > 3000
        assert not moved[round(0.85 * HEIGHT) :].any()


@pytest.mark.parametrize("name", ["ParamBodyAngleX", "ParamBodyAngleY", "ParamBodyAngleZ"])
def test_body_moves_with_the_head_on_it(stage: Stage, mouth: Box, name: str) -> None:
    for value in (-10.0, 10.0):
        moved = stage.moved(**{name: value})
        assert moved[: mouth.bottom].sum() > 300
        assert moved[mouth.bottom + 20 :].sum() > 300


@pytest.mark.parametrize("name", ["ParamHairFront", "ParamHairSide", "ParamHairBack"])
def test_hair_leaves_the_mouth(stage: Stage, mouth: Box, name: str) -> None:
    for value in (-1.0, 1.0):
        moved = stage.moved(**{name: value})
        assert moved.sum() > 500
        assert not moved[mouth.top : mouth.bottom, mouth.left : mouth.right].any()


def test_hair_swings_when_the_head_turns(stage: Stage) -> None:
    """The physics of the model: some time after the turn the picture is another than without it."""
    swinging, later = (stage.swung(seconds, ParamAngleX=20.0) for seconds in (0.2, 3.0))
    assert seen(swinging, later).sum() > 500


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("what", ["Arm{}A", "Arm{}B", "Hand{}"])
def test_arm_moves_on_its_side_and_below_the_eyes(
    stage: Stage, eyes: dict[str, Box], side: str, what: str
) -> None:
    for value in (-10.0, 10.0):
        moved = stage.moved(**{"Param" + what.format(side): value})
        assert moved.sum() > 300
        assert not moved[: round(eyes[side].y)].any()
        columns = np.nonzero(moved.any(axis=0))[0]
        on_its_side = columns >= WIDTH / 2 if side == "L" else columns < WIDTH / 2
        assert on_its_side.mean() > 0.8


def test_no_parameter_is_for_nothing(stage: Stage) -> None:
    idle = []
    for name, values in stage.ranges.items():
        ends = {values.minimum, values.maximum} - {values.default}
        if max(stage.moved(**{name: end}).sum() for end in ends) < 40:
            idle.append(name)
    assert idle == []
