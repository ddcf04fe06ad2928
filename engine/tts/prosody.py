"""How each emotion sounds: speed, pitch, melody and loudness.

For one sentence every pair of emotions differs by at least 12 % in median pitch or in speed, or by 4 dB
(tests/engine/tts/test_prosody.py measures it), and sad is lower and slower than calm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.messages import Emotion


@dataclass(frozen=True)
class Prosody:
    """One emotion."""

    speed: float
    """1 is calm."""
    pitch: int
    """eSpeak's 0..99."""
    pitch_range: int
    """eSpeak's 0..99: how much the melody moves."""
    gain_db: float
    """Loudness against calm."""


PROSODY: dict[Emotion, Prosody] = {
    "calm": Prosody(1.0, 46, 45, 0.0),
    "happy": Prosody(1.15, 62, 60, 1.0),
    "angry": Prosody(1.15, 42, 60, 5.0),
    "sad": Prosody(0.82, 26, 22, -3.0),
    "surprised": Prosody(1.0, 78, 70, 2.0),
    "coquettish": Prosody(0.86, 68, 70, -1.5),
}

CALM_DBFS = -21.0
"""RMS of calm speech where there is speech."""
_KNEE = 0.6
_CEILING = 0.88
_FADE_S = 0.004


def leveled(samples: NDArray[np.int16], gain_db: float, rate: int) -> NDArray[np.int16]:
    """Samples brought to the emotion's loudness, softly limited below -1 dBFS, with faded edges."""
    wave: NDArray[np.float32] = samples.astype(np.float32) / np.float32(32768)
    voiced = wave[np.abs(wave) > 0.01]
    if not voiced.size:
        return samples
    rms = float(np.sqrt(np.mean(voiced**2)))
    gain = np.float32(10 ** ((CALM_DBFS + gain_db) / 20) / rms)
    wave = _limited((wave * gain).astype(np.float32))
    fade = min(len(wave) // 2, round(_FADE_S * rate))
    if fade:
        ramp = np.linspace(0, 1, fade, dtype=np.float32)
        wave[:fade] *= ramp
        wave[-fade:] *= ramp[::-1]
    return (wave * 32767).astype(np.int16)


def _limited(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear up to _KNEE, then bent so that nothing passes _CEILING."""
    size = np.abs(wave)
    room = _CEILING - _KNEE
    bent = _KNEE + room * np.tanh((size - _KNEE) / room)
    return np.where(size > _KNEE, np.sign(wave) * bent, wave).astype(np.float32)
