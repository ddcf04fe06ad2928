"""How high, how loud and how long a voice is: a small fundamental frequency estimator for tests.

Autocorrelation of short frames, normalised by the window's own (Boersma 1993, "Accurate short-term analysis
of the fundamental frequency"), parabolic peak; a voiced frame has a high peak and is not quiet.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FRAME_S, HOP_S = 0.040, 0.010
VOICED = 0.5
"""Least autocorrelation of a voiced frame, 0..1."""


def median_pitch(samples: NDArray[np.floating], rate: int, low: float = 70.0, high: float = 600.0) -> float:
    """Median fundamental frequency in hertz of the voiced frames; 0 when there is none."""
    pitches = frame_pitches(samples, rate, low, high)
    voiced = pitches[pitches > 0]
    return float(np.median(voiced)) if voiced.size else 0.0


def frame_pitches(
    samples: NDArray[np.floating], rate: int, low: float = 70.0, high: float = 600.0
) -> NDArray[np.float64]:
    """(frames,) hertz every 10 ms, 0 where unvoiced. `samples` (n,) at `rate` hertz."""
    size, hop = round(FRAME_S * rate), round(HOP_S * rate)
    if samples.size < size:
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop].astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    window = np.hanning(size)
    correlation = _autocorrelation(frames * window) / _autocorrelation(window[None, :])[0]
    first, last = int(rate / high), int(rate / low)
    lags = np.arange(first, last + 1)
    inner = correlation[:, first : last + 1]
    # A longer lag must be clearly better, or every period's double would win as often as the period itself.
    best = np.argmax(inner - 0.02 * np.log2(lags / first), axis=1)
    rows, at = np.arange(len(frames)), first + best
    before, peak, after = correlation[rows, at - 1], correlation[rows, at], correlation[rows, at + 1]
    bend = before - 2 * peak + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-12), 0.0)
    loud = np.sqrt((frames**2).mean(axis=1)) > 0.1 * np.sqrt((samples.astype(np.float64) ** 2).mean())
    edge = (best == 0) | (best == len(lags) - 1)
    return np.where(loud & ~edge & (peak > VOICED), rate / (at + np.clip(shift, -0.5, 0.5)), 0.0)


def _autocorrelation(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """(frames, size) normalised to 1 at lag 0; a silent frame gives zeros."""
    size = frames.shape[1]
    power = np.abs(np.fft.rfft(frames, 2 * size)) ** 2
    correlation = np.fft.irfft(power)[:, :size]
    return correlation / np.maximum(correlation[:, :1], 1e-12)
