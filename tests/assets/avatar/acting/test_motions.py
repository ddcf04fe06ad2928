"""Every motion begins and ends at rest and stays within what the parameters allow."""

from __future__ import annotations

from itertools import combinations
from math import gcd

import pytest

from assets.avatar.acting.motions import MOTIONS
from assets.avatar.acting.timing import Motion
from assets.avatar.rig.parameters import PARAMETERS

RANGES = {parameter.id: parameter for parameter in PARAMETERS}
GROUPS = {
    "Idle", "Happy", "Angry", "Sad", "Surprised", "Coquettish", "Calm", "Greeting", "Listening", "Thinking",
    "TouchHead", "TouchBody", "TouchHand", "Sleep",
}  # fmt: skip
ALL = [
    pytest.param(motion, id=f"{group}-{number}")
    for group, motions in MOTIONS.items()
    for number, motion in enumerate(motions, 1)
]


def test_there_is_a_motion_for_everything_she_does() -> None:
    assert set(MOTIONS) == GROUPS
    assert len(MOTIONS["Idle"]) >= 4


@pytest.mark.parametrize("motion", ALL)
def test_a_motion_begins_and_ends_at_rest(motion: Motion) -> None:
    for name, curve in motion.curves.items():
        assert curve[0] == (0.0, RANGES[name].default)
        assert curve[-1] == (motion.duration, RANGES[name].default)


@pytest.mark.parametrize("motion", ALL)
def test_a_motion_keeps_within_the_ranges_and_goes_on_in_time(motion: Motion) -> None:
    for name, curve in motion.curves.items():
        times = [time for time, _ in curve]
        assert times == sorted(set(times)), name
        values = [value for _, value in curve]
        assert RANGES[name].minimum <= min(values) <= max(values) <= RANGES[name].maximum, name


def test_idle_motions_share_no_measure() -> None:
    tenths = [round(10 * motion.duration) for motion in MOTIONS["Idle"]]
    assert all(gcd(a, b) == 1 for a, b in combinations(tenths, 2))
