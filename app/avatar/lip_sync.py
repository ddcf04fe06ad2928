"""The mouth of speech, from the sound that is played and the marks that may come with it.

Theory of operation. Sound arrives before it is heard. It is cut into steps of 10 ms as it arrives, and of
each step is kept how loud it is, against the level of late, and which shape its sound has. At a play-out
position the mouth is a weighted mean of the steps around it, as many before as after, so that smoothing costs
no delay; where a mark covers a step, its shape goes before that of the sound. Loudness opens the mouth in
both cases: silence closes it whatever a mark says. Steps and marks behind the position are forgotten.

All positions are samples of the stream, as in engine.messages.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.avatar.mouth import CLOSED, MouthShape
from app.avatar.vowels import SHAPES, heard_shapes
from engine.messages import Mark, Viseme

_STEPS_A_SECOND = 100
_FRAME_S = 0.03
"""Sound around the middle of a step that tells its shape."""
_LEAD_S = 0.01
"""What is shown now is seen a little later."""
_WEIGHTS = (0.06, 0.14, 0.19, 0.22, 0.19, 0.14, 0.06)
_REACH = len(_WEIGHTS) // 2
_KEPT_STEPS = 50
"""Steps kept behind the position, and most that wait to be dropped."""
_MOST_STEPS = 60 * _STEPS_A_SECOND
"""Most sound that waits to be heard; older goes."""
_BARELY_OPEN = 0.05
"""A mouth open less has little form."""

_FIRST_LEVEL = 0.08
"""Level of speech, as RMS of full scale, until there has been any."""
_RISING, _FALLING = 0.15, 0.997
"""The level rises by this share of the way in a step and falls to this share of itself."""
_QUIETEST = 0.002
_GATE = 0.06
"""Share of the level below which nothing is spoken."""
_POWER = 0.7
"""The ear, and so the eye, expects less of a difference than the amplitudes have."""


class LipSync:
    """Fed with sound and marks, asked at play-out positions."""

    def __init__(self, rate: int) -> None:
        """`rate` of the sound in hertz."""
        self._rate = rate
        self._hop = rate // _STEPS_A_SECOND
        self._frame = round(rate * _FRAME_S)
        self._level = _FIRST_LEVEL
        self.flush()

    def flush(self) -> None:
        """Forgets the stream; the next sound may begin another."""
        self._steps: list[tuple[float, MouthShape]] = []
        """How loud (0..1), and the shape the sound asks for."""
        self._mark_ends: list[int] = []
        self._visemes: list[Viseme | None] = []
        self._begin(0)

    def feed(self, offset: int, pcm: bytes) -> None:
        """Sound (mono int16) that begins at `offset`. What does not continue the sound before takes its
        place."""
        if offset != self._start + self._samples.size:
            self._begin(offset)
        added = np.frombuffer(pcm, "<i2", count=len(pcm) // 2) / 32768.0
        self._samples = np.concatenate([self._samples, added])
        ready = (self._samples.size - self._frame) // self._hop + 1
        if ready <= 0:
            return
        frames = sliding_window_view(self._samples, self._frame)[:: self._hop]
        levels = np.sqrt(np.mean(np.square(frames), axis=1))
        for level, shape in zip(levels.tolist(), heard_shapes(frames, self._rate).tolist(), strict=True):
            self._steps.append((self._loudness(level), MouthShape(*shape)))
        self._samples = self._samples[ready * self._hop :]
        self._start += ready * self._hop
        self._forget(self._first + len(self._steps) - _MOST_STEPS)

    def add_marks(self, start: int, marks: Iterable[Mark]) -> None:
        """Shapes of the sound from `start` on: of a segment, or of its next part."""
        last = self._mark_ends[-1] if self._mark_ends else 0
        if start > last:
            self._mark_ends.append(start)
            self._visemes.append(None)
            last = start
        for mark in marks:
            last = max(last, mark.sample_end)
            self._mark_ends.append(last)
            self._visemes.append(mark.viseme)

    def at(self, position: int) -> MouthShape:
        """The mouth while sample `position` is heard; closed where there is no sound."""
        middle = (position + _LEAD_S * self._rate) / self._hop - 0.5
        nearest = math.floor(middle)
        late = middle - nearest
        opened = formed = before = 0.0
        for tap, weight in enumerate((*_WEIGHTS, 0.0), nearest - _REACH):
            loudness, shape = self._step(tap)
            opening = (weight * (1.0 - late) + before * late) * loudness * shape.open
            opened += opening
            formed += opening * shape.form
            before = weight
        self._forget(nearest - _KEPT_STEPS)
        return MouthShape(min(1.0, opened), formed / (opened + _BARELY_OPEN))

    # ------------------------------------------------------------ inside

    def _begin(self, offset: int) -> None:
        """Sound will come from `offset` on, with silence before."""
        self._steps.clear()
        self._first = offset // self._hop
        self._start = self._first * self._hop + self._hop // 2 - self._frame // 2
        self._samples = np.zeros(offset - self._start)

    def _loudness(self, level: float) -> float:
        """How far a sound of this level opens the mouth, 0..1."""
        if level > self._level:
            self._level += (level - self._level) * _RISING
        elif level > _GATE * self._level:
            self._level = max(_QUIETEST, self._level * _FALLING)
        share = level / self._level
        return min(1.0, share**_POWER) * min(1.0, max(0.0, share / _GATE - 1.0))

    def _step(self, number: int) -> tuple[float, MouthShape]:
        index = number - self._first
        if not 0 <= index < len(self._steps):
            return 0.0, CLOSED
        loudness, shape = self._steps[index]
        mark = bisect_right(self._mark_ends, (number + 0.5) * self._hop)
        viseme = self._visemes[mark] if mark < len(self._visemes) else None
        return loudness, shape if viseme is None else SHAPES[viseme]

    def _forget(self, first: int) -> None:
        """Drops the steps before `first` and their marks, once it is worth it."""
        if first - self._first >= _KEPT_STEPS:
            dropped = min(first - self._first, len(self._steps))
            del self._steps[:dropped]
            self._first += dropped
            marks = bisect_right(self._mark_ends, self._first * self._hop)
            del self._mark_ends[:marks], self._visemes[:marks]
