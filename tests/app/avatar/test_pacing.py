"""How often the avatar is drawn, and how far it moves from frame to frame."""

from __future__ import annotations

import math

import pytest

from app.avatar.pacing import IDLE_AFTER_S, LONGEST_STEP_S, frames_per_second, step_seconds


@pytest.mark.parametrize(
    ("wanted", "visible", "quiet_s", "rate"),
    [
        (30, True, 0.0, 30),
        (60, True, IDLE_AFTER_S - 0.1, 60),
        (30, True, IDLE_AFTER_S, 10),
        (5, True, math.inf, 5),
        (30, False, 0.0, 0),
        (60, False, math.inf, 0),
    ],
)
def test_rate(wanted: int, visible: bool, quiet_s: float, rate: int) -> None:
    assert frames_per_second(wanted, visible, quiet_s) == rate


def test_a_long_pause_is_not_made_up_for() -> None:
    assert step_seconds(5.0, 5.03) == pytest.approx(0.03)
    assert step_seconds(5.0, 5000.0) == LONGEST_STEP_S


def test_a_clock_set_back_moves_nothing() -> None:
    assert step_seconds(5.0, 4.0) == 0.0


def test_every_frame_of_the_slowest_rate_is_whole() -> None:
    assert step_seconds(0.0, 1 / 10) == 1 / 10
