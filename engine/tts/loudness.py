"""Gain, a limiter without memory, and fades: what turns a synthesiser's samples into a steady level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CEILING = 0.85
"""Largest amplitude that ever comes out: -1.4 dBFS."""

KNEE = 0.5
"""Amplitude up to which nothing is changed."""


def amplified(samples: NDArray[np.floating], gain_db: float) -> NDArray[np.float64]:
    """Samples (n,), -1..1, with gain. Peaks bend smoothly towards CEILING instead of being clipped."""
    louder = samples * 10.0 ** (gain_db / 20.0)
    size = np.abs(louder)
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.sign(louder) * bent, louder)


def faded(samples: NDArray[np.floating], fade: int) -> NDArray[np.float64]:
    """Samples (n,) with `fade` of them rising from silence and as many falling to it, so that neither end
    clicks."""
    shaped = samples.astype(np.float64)
    fade = min(fade, shaped.size // 2)
    ramp = np.sin(np.linspace(0.0, np.pi / 2, fade, endpoint=False)) ** 2
    shaped[:fade] *= ramp
    shaped[shaped.size - fade :] *= ramp[::-1]
    return shaped
