"""Her six faces cannot be taken for one another."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from app.avatar.description import describe
from app.avatar.sheet import EMOTIONS, face
from tests.support.stage import Box, Picture, Stage, box, seen

LEAST_SHARE = 0.03


@pytest.fixture(scope="module")
def faces(rio: Path, stage: Stage) -> dict[str, Picture]:
    """Her picture in each emotion, silent."""
    description = describe(rio, stage.ranges)
    assert set(EMOTIONS) <= description.expressions.keys()
    return {emotion: stage.picture(**face(description, emotion, "front", None)) for emotion in EMOTIONS}


@pytest.fixture(scope="module")
def place(stage: Stage) -> Box:
    """From the raised brows to the chin, from eye to eye: smaller than the face, so the test is stricter."""
    brows = box(stage.moved(ParamBrowLY=1.0, ParamBrowRY=1.0))
    eyes = box(stage.moved(ParamEyeLOpen=0.0, ParamEyeROpen=0.0))
    mouth = box(stage.moved(ParamMouthOpenY=1.0))
    return Box(eyes.left, brows.top, eyes.right, mouth.bottom)


@pytest.mark.parametrize(("one", "other"), list(combinations(EMOTIONS, 2)))
def test_every_two_differ(faces: dict[str, Picture], place: Box, one: str, other: str) -> None:
    differing = seen(faces[one], faces[other])[place.top : place.bottom, place.left : place.right]
    assert differing.mean() >= LEAST_SHARE
