"""The mouth closes, opens and rounds as its shapes say."""

from __future__ import annotations

import numpy as np
import pytest

from assets.avatar.art.mouth import HALF, MOUTH_X, lower, upper
from assets.avatar.rig.mouth import AJAR, SHAPES, bend_lower_lip, bend_upper_lip, shape_at

U = np.linspace(-1, 1, 21)
OPENINGS = (0.0, AJAR, 0.5, 1.0)


def gap(opening: float, form: float) -> np.ndarray:
    """From lip to lip, across the mouth."""
    x = MOUTH_X + HALF * U
    up = bend_upper_lip(np.stack([x, upper(U)], 1), opening, form)
    low = bend_lower_lip(np.stack([x, lower(U)], 1), opening, form)
    return low[:, 1] - up[:, 1]


@pytest.mark.parametrize("form", [-1.0, 0.0, 1.0])
def test_the_lips_meet_when_closed_and_part_more_and_more(form: float) -> None:
    gaps = [gap(opening, form) for opening in OPENINGS]
    assert np.allclose(gaps[0], 0)
    widest = [float(each.max()) for each in gaps]
    assert widest == sorted(set(widest))
    assert min(each.min() for each in gaps) > -1e-9


def test_the_vowels_have_their_widths() -> None:
    for opening in OPENINGS:
        narrow, plain, wide = (shape_at(opening, form).half for form in (-1.0, 0.0, 1.0))
        assert narrow < plain < wide


def test_the_corners_follow_the_form() -> None:
    sad, plain, smiling = (SHAPES[0.0, form].bend for form in (-1.0, 0.0, 1.0))
    assert sad < 0 < plain < smiling
