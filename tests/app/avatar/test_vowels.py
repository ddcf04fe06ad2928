import numpy as np
import pytest
from numpy.typing import NDArray

from app.avatar.mouth import MouthShape
from app.avatar.vowels import SHAPES, heard_shapes
from engine.messages import Viseme

FORMANTS: dict[Viseme, tuple[float, float, float]] = {
    "a": (850.0, 1300.0, 2800.0),
    "e": (500.0, 2100.0, 2800.0),
    "i": (300.0, 2500.0, 3200.0),
    "o": (600.0, 900.0, 2700.0),
    "u": (350.0, 750.0, 2600.0),
}
"""Of a woman's voice, in hertz."""


def vowel(formants: tuple[float, ...], pitch: float, rate: int) -> NDArray[np.float64]:
    """Pulses of a voice through resonators: (1, samples) of 30 ms, once it has settled."""
    sound = np.zeros(rate // 5)
    sound[:: round(rate / pitch)] = 1.0
    sound = np.convolve(sound, 0.8 ** np.arange(60))[: sound.size]  # a voice falls off towards the highs
    for hertz in formants:
        radius = np.exp(-np.pi * (50 + hertz / 20) / rate)
        first, second = 2 * radius * np.cos(2 * np.pi * hertz / rate), -(radius**2)
        past = before = 0.0
        for n, sample in enumerate(sound):
            past, before = sample + first * past + second * before, past
            sound[n] = past
    return sound[None, -round(0.03 * rate) :] / np.abs(sound).max()


@pytest.mark.parametrize("rate", [16000, 22050, 24000, 32000, 48000])
@pytest.mark.parametrize("pitch", [110, 180, 240])
@pytest.mark.parametrize("name", FORMANTS)
def test_a_vowel_is_known_by_its_resonances(name: Viseme, pitch: int, rate: int):
    shape = MouthShape(*heard_shapes(vowel(FORMANTS[name], pitch, rate), rate)[0])
    wanted = SHAPES[name]
    assert abs(shape.form - wanted.form) < 0.7, shape
    assert abs(shape.open - wanted.open) < 0.35, shape


@pytest.mark.parametrize("pitch", [110, 180, 240])
def test_front_and_back_vowels_and_open_and_close_ones_are_told_apart(pitch: int):
    told = {
        name: MouthShape(*heard_shapes(vowel(it, pitch, 24000), 24000)[0]) for name, it in FORMANTS.items()
    }
    assert min(told["i"].form, told["e"].form) > told["a"].form > max(told["o"].form, told["u"].form)
    assert told["a"].open > max(told["e"].open, told["i"].open, told["u"].open)


def test_a_hiss_shows_the_teeth():
    noise = np.random.default_rng(1).normal(size=(1, 720))
    hiss = np.diff(noise, n=4, axis=1)
    assert heard_shapes(hiss, 24000)[0] == pytest.approx(SHAPES["n"], abs=0.05)


def test_silence_tones_and_low_rates_are_no_trouble():
    tone = np.sin(np.arange(720) / 5)
    for rate in (8000, 16000, 48000):
        shapes = heard_shapes(np.stack([np.zeros(720), np.ones(720), tone]), rate)
        assert np.isfinite(shapes).all()
        assert heard_shapes(np.zeros((0, 720)), rate).shape == (0, 2)
