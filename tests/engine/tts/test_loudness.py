import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tts.loudness import CEILING, KNEE, amplified, faded


def test_below_the_knee_gain_is_exact():
    assert amplified(np.array([0.1, -0.2]), 6.0206) == pytest.approx([0.2, -0.4], abs=1e-5)


def test_silence_at_no_volume():
    assert not amplified(np.array([0.5, -1.0]), -np.inf).any()


@given(samples=st.lists(st.floats(-1, 1), min_size=1, max_size=50), gain_db=st.floats(-60, 40))
@settings(deadline=None)
def test_peaks_bend_below_the_ceiling_and_keep_their_order(samples: list[float], gain_db: float):
    before = np.sort(np.array(samples))
    after = amplified(before, gain_db)
    assert np.all(np.abs(after) <= CEILING)
    assert np.all(np.diff(after) >= 0)


def test_the_bend_begins_without_a_step():
    edge = amplified(np.array([KNEE - 1e-6, KNEE + 1e-6]), 0.0)
    assert np.diff(edge) == pytest.approx(2e-6, rel=1e-2)


def test_both_ends_fade_and_the_middle_stays():
    shaped = faded(np.ones(100), 10)
    assert shaped[0] == shaped[-1] == 0.0
    assert np.all(np.diff(shaped[:10]) > 0)
    assert np.all(shaped[10:90] == 1.0)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_short_sounds_fade_too(size: int):
    assert faded(np.ones(size), 10).size == size
