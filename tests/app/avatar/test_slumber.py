import pytest

from app.avatar.slumber import ASLEEP_AFTER_S, DROWSY_AFTER_S, Slumber


def test_the_lids_grow_heavy_then_it_sleeps():
    slumber = Slumber()
    assert slumber.depth(DROWSY_AFTER_S - 1) == 0.0
    assert slumber.depth(DROWSY_AFTER_S + 14) == pytest.approx(0.3, abs=0.01)
    assert not slumber.asleep
    assert slumber.depth(ASLEEP_AFTER_S + 0.5) < 0.5
    assert slumber.asleep
    assert slumber.depth(ASLEEP_AFTER_S + 20) == pytest.approx(1.0, abs=0.01)


def test_an_event_wakes_it_softly():
    slumber = Slumber()
    now = ASLEEP_AFTER_S + 20
    slumber.depth(now)
    slumber.stir(now)
    assert not slumber.asleep
    assert slumber.depth(now) > 0.9
    assert 0.4 < slumber.depth(now + 0.5) < 0.6
    assert slumber.depth(now + 4) == pytest.approx(0.0, abs=0.01)
    assert slumber.depth(now + DROWSY_AFTER_S - 1) == pytest.approx(0.0, abs=0.01)


def test_events_keep_it_awake():
    slumber = Slumber()
    for now in range(0, 2000, 100):
        slumber.stir(float(now))
        assert slumber.depth(now + 99.0) == 0.0
