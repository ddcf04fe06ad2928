"""Mouth shapes of vowels, and what can be told of them from the sound alone.

Theory of operation. A vowel is known by the first two resonances of the mouth: the wider it is open the
higher the first, the more the tongue is in front (and the wider the lips) the higher the second. Linear
prediction gives the resonances of a short piece of sound without the harmonics of the voice, whose pitch
would otherwise decide. Instead of searching peaks, which fails for a high voice, the centre of gravity of the
spectrum is taken in the range of each resonance: it always exists and moves smoothly. The shape is a mixture
of those of the nearest vowels. A hiss, whose energy lies above the vowels, is spoken with the teeth together.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.avatar.mouth import CLOSED, MouthShape
from engine.messages import Viseme

SHAPES: dict[Viseme, MouthShape] = {
    "a": MouthShape(1.0, 0.1),
    "e": MouthShape(0.7, 0.5),
    "i": MouthShape(0.5, 0.9),
    "o": MouthShape(0.8, -0.65),
    "u": MouthShape(0.5, -1.0),
    "n": MouthShape(0.35, 0.2),
    "closed": CLOSED,
}

_VOWELS: dict[Viseme, tuple[float, float]] = {
    "a": (800.0, 1230.0),
    "e": (530.0, 1700.0),
    "i": (355.0, 2600.0),
    "o": (710.0, 1140.0),
    "u": (500.0, 1050.0),
}
"""Centres of gravity, in hertz, in the ranges of the two resonances; measured on marked speech."""

_SPREAD = 0.2
"""Of the logarithm of both, within one vowel."""
_FIRST_HZ, _SECOND_HZ = (200.0, 1000.0), (600.0, 3000.0)
_TOP_HZ = 4000.0
_ORDER = 10
_LINES = 64
_HISS = (0.15, 0.5)
"""Share of energy above _TOP_HZ: a vowel has less than the first, a hiss more than the second."""

_PLACES = np.log([_VOWELS[vowel] for vowel in _VOWELS])
_OPEN_FORM = np.array([SHAPES[vowel] for vowel in _VOWELS])
_TEETH = np.array(SHAPES["n"])


def heard_shapes(frames: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """The mouth's (open, form) in frames (n, samples) of about 30 ms at `rate` hertz: (n, 2)."""
    power = np.square(np.abs(np.fft.rfft(frames * np.hanning(frames.shape[1])))) + 1e-9
    top = max(_ORDER + 1, min(power.shape[1], round(_TOP_HZ * frames.shape[1] / rate) + 1))
    resonances = _resonances(power[:, :top])
    far = np.square((np.log(resonances)[:, None, :] - _PLACES) / _SPREAD).sum(axis=2)
    near = np.exp(-0.5 * (far - far.min(axis=1, keepdims=True)))
    vowels = near @ _OPEN_FORM / near.sum(axis=1, keepdims=True)
    share = power[:, top:].sum(axis=1) / power.sum(axis=1)
    hiss = np.clip((share - _HISS[0]) / (_HISS[1] - _HISS[0]), 0.0, 1.0)[:, None]
    return vowels + (_TEETH - vowels) * hiss


def _resonances(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Centres of the first and second resonance in hertz, (n, 2), of power spectra (n, lines) up to
    _TOP_HZ."""
    tilted = power * (1.0 - 0.94 * np.cos(np.linspace(0.0, np.pi, power.shape[1])))  # lifts the weak highs
    correlation = np.fft.irfft(tilted, axis=1)[:, : _ORDER + 1]
    envelope = 1.0 / np.square(np.abs(np.fft.rfft(_prediction(correlation), 2 * _LINES, axis=1)))
    weights, moments = _centres()
    return (envelope @ moments) / (envelope @ weights)


@cache
def _centres() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Which lines count for each resonance, and the same times their frequency: (lines, 2) each."""
    lines = np.linspace(0.0, _TOP_HZ, _LINES + 1)
    weights = np.stack([(low <= lines) & (lines <= high) for low, high in (_FIRST_HZ, _SECOND_HZ)], axis=1)
    return weights.astype(float), weights * lines[:, None]


def _prediction(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients (n, order + 1) of linear prediction by Levinson and Durbin, all frames at once."""
    correlation = correlation.copy()
    correlation[:, 0] = correlation[:, 0] * 1.0005 + 1e-12  # keeps pure tones and silence solvable
    filters = np.zeros_like(correlation)
    filters[:, 0] = 1.0
    error = correlation[:, 0].copy()
    for order in range(1, correlation.shape[1]):
        reflection = -(filters[:, :order] * correlation[:, order:0:-1]).sum(axis=1) / error
        filters[:, 1 : order + 1] += reflection[:, None] * filters[:, order - 1 :: -1][:, :order]
        error *= 1.0 - np.square(reflection)
    return filters
