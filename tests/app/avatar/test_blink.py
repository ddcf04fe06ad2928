import random
from itertools import pairwise

import numpy as np
import pytest

from app.avatar.activity import Activity
from app.avatar.blink import Blink

FPS = 200


def closed(blink: Blink, seconds: float, slowness: float = 1.0, start: float = 0.0) -> list[float]:
    return [blink.closed(start + frame / FPS, slowness) for frame in range(round(seconds * FPS))]


def begun(lids: list[float]) -> list[float]:
    """Seconds at which blinks begin."""
    return [frame / FPS for frame, (a, b) in enumerate(pairwise(lids)) if a == 0.0 < b]


@pytest.mark.parametrize(
    ("activity", "least", "most"), [("listening", 9, 17), ("idle", 13, 23), ("speaking", 20, 34)]
)
def test_people_blink_as_often_as_this_in_a_minute(activity: Activity, least: int, most: int):
    blink = Blink(random.Random(1))
    blink.activity = activity
    assert least <= len(begun(closed(blink, 600.0))) / 10 <= most


def test_blinks_are_irregular_and_some_are_double():
    gaps = np.diff(begun(closed(Blink(random.Random(2)), 600.0)))
    assert gaps.std() > 0.4 * gaps.mean()
    assert 0.04 < (gaps < 0.5).mean() < 0.3
    assert gaps.min() > 0.4


def test_a_blink_closes_fully_and_faster_than_it_opens():
    lids = closed(Blink(random.Random(3)), 60.0)
    assert max(lids) == 1.0
    start = round(begun(lids)[0] * FPS)
    shut = lids.index(1.0, start)
    opened = lids.index(0.0, shut)
    assert 0.05 <= (shut - start) / FPS <= 0.1
    assert 0.25 <= (opened - start) / FPS <= 0.32


def test_the_lids_of_the_sad_are_slower():
    def shut_s(slowness: float) -> float:
        lids = closed(Blink(random.Random(3)), 60.0, slowness)
        return sum(lids) / len(begun(lids)) / FPS

    assert shut_s(1.5) == pytest.approx(1.5 * shut_s(1.0), rel=0.05)


def test_soon_blinks_at_once_but_not_again_and_again():
    blink = Blink(random.Random(4))
    assert max(closed(blink, 0.2)) == 0.0
    blink.soon(0.2)
    assert max(closed(blink, 0.15, start=0.2)) == 1.0
    blink.soon(0.35)
    lids = closed(blink, 0.4, start=0.35)
    assert lids == sorted(lids, reverse=True)
