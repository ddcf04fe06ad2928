"""Mouth shapes of vowels, and what can be told of them from the sound alone.

Theory of operation. A vowel is known by the first two resonances of the mouth: the wider it is open the higher
the first, the more the tongue is in front (and the wider the lips) the higher the second. Linear prediction
gives the resonances of a short piece of sound without the harmonics of the voice, whose pitch would otherwise
decide. Instead of searching peaks, which fail for a high voice, the centre of gravity of the spectrum is taken
in the range of each resonance, which moves smoothly and always exists. The shape is the mixture of the shapes
of the nearest vowels. Hissing, whose energy lies above the vowels, is spoken with the teeth together.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.avatar.mouth import CLOSED, MouthShape
from engine.messages import Viseme

SHAPES: dict[Viseme, MouthShape] = {
    "a": MouthShape(1.0, 0.1),
    "e": MouthShape(0.65, 0.5),
    "i": MouthShape(0.45, 0.9),
    "o": MouthShape(0.75, -0.65),
    "u": MouthShape(0.45, -1.0),
    "n": MouthShape(0.3, 0.2),
    "closed": CLOSED,
}
