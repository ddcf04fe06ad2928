"""The lids meet when closed, whatever the smile, and move nothing at rest."""

from __future__ import annotations

import numpy as np
import pytest

from assets.avatar.art.eyes import EYE_X, HALF, lower, upper
from assets.avatar.rig.eyes import bend_lash, bend_lower_lash, bend_white

U = np.linspace(-0.9, 0.9, 19)


def lid(height: np.ndarray) -> np.ndarray:
    return np.stack([EYE_X + HALF * U, height], 1)


@pytest.mark.parametrize("smile", [0.0, 1.0])
def test_closed_lids_meet(smile: float) -> None:
    top, bottom = (bend_white(lid(edge(U)), 0.0, smile) for edge in (upper, lower))
    assert np.allclose(top, bottom)


def test_open_eyes_are_as_drawn() -> None:
    for bend, edge in (
        (bend_white, upper),
        (bend_white, lower),
        (bend_lash, upper),
        (bend_lower_lash, lower),
    ):
        assert np.allclose(bend(lid(edge(U)), 1.0, 0.0), lid(edge(U)))


def test_a_smile_turns_the_closed_lids_over() -> None:
    middle, end = len(U) // 2, 0
    plain, smiling = (bend_lash(lid(upper(U)), 0.0, smile)[:, 1] for smile in (0.0, 1.0))
    assert plain[middle] > plain[end]
    assert smiling[middle] < smiling[end]


def test_startled_eyes_are_wider_than_open_ones() -> None:
    top, bottom = (bend_white(lid(edge(U)), 1.2, 0.0)[:, 1] for edge in (upper, lower))
    assert (top < upper(U)).all()
    assert (bottom > lower(U)).all()
