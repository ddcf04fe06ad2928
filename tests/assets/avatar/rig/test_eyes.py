"""The lids meet when closed, whatever the smile, and move nothing at rest."""

from __future__ import annotations

import numpy as np
import pytest

from assets.avatar.art.eyes import EYE_X, HALF, lower, upper
from assets.avatar.rig.eyes import bend_lash, bend_lower_lash, place_white

U = np.linspace(-0.9, 0.9, 19)


def lid(height: np.ndarray) -> np.ndarray:
    return np.stack([EYE_X + HALF * U, height], 1)


@pytest.mark.parametrize("smile", [0.0, 1.0])
def test_closed_lids_meet(smile: float) -> None:
    columns = place_white(0.0, smile).reshape(6, -1, 2)
    assert np.allclose(columns[1], columns[4])


def test_the_white_lies_between_the_lids() -> None:
    columns = place_white(1.0, 0.0).reshape(6, -1, 2)
    u = (columns[0, :, 0] - EYE_X) / HALF
    assert np.allclose(columns[1, :, 1], upper(u))
    assert np.allclose(columns[4, :, 1], lower(u))


def test_open_eyes_are_as_drawn() -> None:
    for bend, edge in ((bend_lash, upper), (bend_lower_lash, lower)):
        assert np.allclose(bend(lid(edge(U)), 1.0, 0.0), lid(edge(U)))


def test_a_smile_turns_the_closed_lids_over() -> None:
    middle, end = len(U) // 2, 0
    plain, smiling = (bend_lash(lid(upper(U)), 0.0, smile)[:, 1] for smile in (0.0, 1.0))
    assert plain[middle] > plain[end]
    assert smiling[middle] < smiling[end]


def test_startled_eyes_are_wider_than_open_ones() -> None:
    wide, plain = (place_white(opening, 0.0).reshape(6, -1, 2)[:, 2:-2, 1] for opening in (1.2, 1.0))
    assert (wide[1] < plain[1]).all()
    assert (wide[4] > plain[4]).all()
