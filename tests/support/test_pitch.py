import numpy as np
import pytest

from tests.support.pitch import frame_pitches, median_pitch

RATE = 22050


def voice(hertz: float, seconds: float = 0.5) -> np.ndarray:
    """Ten harmonics, as a buzzing voice has."""
    time = np.arange(round(RATE * seconds)) / RATE
    return np.sum([np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 11)], axis=0)


@pytest.mark.parametrize("hertz", [80, 120, 200, 333, 500])
def test_a_steady_voice_is_measured(hertz: float):
    assert median_pitch(voice(hertz), RATE) == pytest.approx(hertz, rel=0.01)


def test_the_median_ignores_silence_and_noise():
    noise = np.random.default_rng(0).normal(size=RATE // 2) * 0.3
    sound = np.concatenate([np.zeros(RATE // 2), noise, voice(180, 1.0)])
    assert median_pitch(sound, RATE) == pytest.approx(180, rel=0.02)
    assert not frame_pitches(np.zeros(RATE), RATE).any()
    assert median_pitch(np.zeros(10), RATE) == 0.0
