"""A motion of a Live2D model (motion3.json): curves of parameters over time.

Every segment of a curve becomes a cubic of its own share u = 0..1, whatever kind it is in the file, so that
playing it costs a look-up and three multiplications. Only where a file's Béziers are not restricted (their
handles do not lie at a third and two thirds of the time) does u have to be found from the time first.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

DEFAULT_FADE_S = 0.5
"""Fade of a motion whose file names none."""

Cubic = tuple[float, float, float, float]
"""a, b, c, d of ((a u + b) u + c) u + d."""


@dataclass(frozen=True, slots=True)
class _Segment:
    start: float
    """Seconds from the start of the motion."""
    seconds: float
    value: Cubic
    time: Cubic | None = None
    """Share of `seconds` passed at u, where that is not u itself."""

    def at(self, seconds: float) -> float:
        u = min(1.0, (seconds - self.start) / self.seconds)
        return _cubic(self.value, u if self.time is None else _share_at(self.time, u))


@dataclass(frozen=True)
class Curve:
    """One parameter over time."""

    first: float
    """Value until the first segment."""
    last: float
    """Value after the last one."""
    starts: tuple[float, ...]
    segments: tuple[_Segment, ...]

    def at(self, seconds: float) -> float:
        index = bisect_right(self.starts, seconds) - 1
        if index < 0:
            return self.first
        segment = self.segments[index]
        return (
            self.last
            if seconds >= self.segments[-1].start + self.segments[-1].seconds
            else segment.at(seconds)
        )


@dataclass(frozen=True)
class Motion:
    seconds: float
    curves: Mapping[str, Curve]
    """By parameter id."""
    fade_in: float = DEFAULT_FADE_S
    fade_out: float = DEFAULT_FADE_S

    def at(self, seconds: float) -> Mapping[str, float]:
        """The values of its parameters; before its start and after its end, those of its start and end."""
        seconds = min(max(seconds, 0.0), self.seconds)
        return {parameter: curve.at(seconds) for parameter, curve in self.curves.items()}


def parse_motion(data: bytes, fade_in: float | None = None, fade_out: float | None = None) -> Motion:
    """The motion of a motion3.json; fades in seconds given here go before those of the file. Counts in the
    file are not used. Raises ValueError, with the reason, when it is no motion."""
    try:
        file = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_File)
    except msgspec.DecodeError as error:
        raise ValueError(f"This is not a motion of a Live2D model: {error}.") from error
    meta = file.meta
    if not (math.isfinite(meta.duration) and meta.duration > 0):
        raise ValueError("The motion has no duration.")
    return Motion(
        meta.duration,
        {
            curve.id: _curve(curve.id, curve.segments, meta.are_beziers_restricted)
            for curve in file.curves
            if curve.target == "Parameter"
        },
        _fade(fade_in, meta.fade_in_time),
        _fade(fade_out, meta.fade_out_time),
    )


# ---------------------------------------------------------------- inside


class _Curve(msgspec.Struct, rename="pascal"):
    target: str
    id: str
    segments: list[float]


class _Meta(msgspec.Struct, rename="pascal"):
    duration: float
    are_beziers_restricted: bool = False
    fade_in_time: float | None = None
    fade_out_time: float | None = None


class _File(msgspec.Struct, rename="pascal"):
    meta: _Meta
    curves: list[_Curve] = []


def _fade(*wishes: float | None) -> float:
    """The first fade named; a negative one stands for none, as the editor writes it."""
    return next((wish for wish in wishes if wish is not None and 0 <= wish < math.inf), DEFAULT_FADE_S)


def _curve(parameter: str, numbers: Sequence[float], restricted: bool) -> Curve:
    if len(numbers) < 2 or not all(map(math.isfinite, numbers)):
        raise ValueError(f"The motion's curve of {parameter} is cut off or not a number.")
    segments = tuple(_segments(parameter, numbers, restricted))
    last = numbers[-1]
    return Curve(numbers[1], last, tuple(segment.start for segment in segments), segments)


_LENGTHS = (2, 6, 2, 2)
"""Numbers of a segment of each kind: linear, Bézier, stepped, inverse stepped."""


def _segments(parameter: str, numbers: Sequence[float], restricted: bool) -> Iterator[_Segment]:
    """The segments that take time."""
    time, value = numbers[0], numbers[1]
    at = 2
    while at < len(numbers):
        kind = numbers[at]
        if kind not in (0, 1, 2, 3):
            raise ValueError(
                f"The motion's curve of {parameter} has a segment of an unknown kind ({kind:g})."
            )
        points = numbers[at + 1 : at + 1 + _LENGTHS[int(kind)]]
        if len(points) < _LENGTHS[int(kind)] or points[-2] < time:
            raise ValueError(f"The motion's curve of {parameter} is cut off or goes back in time.")
        seconds, end = points[-2] - time, points[-1]
        if seconds > 0:
            if kind == 1:
                warp = None if restricted else _warp(time, seconds, points[0], points[2])
                yield _Segment(time, seconds, _bezier(value, points[1], points[3], end), warp)
            else:
                level = end if kind == 3 else value
                yield _Segment(time, seconds, (0.0, 0.0, end - value if kind == 0 else 0.0, level))
        time, value = points[-2], end
        at += 1 + len(points)


def _bezier(p0: float, p1: float, p2: float, p3: float) -> Cubic:
    return (p3 - 3 * p2 + 3 * p1 - p0, 3 * p2 - 6 * p1 + 3 * p0, 3 * (p1 - p0), p0)


def _warp(start: float, seconds: float, first: float, second: float) -> Cubic:
    """Share of the time over u. Handles beyond the segment are held in it: time must not run back."""
    handle, other = (min(1.0, max(0.0, (time - start) / seconds)) for time in (first, second))
    return _bezier(0.0, handle, other, 1.0)


def _cubic(cubic: Cubic, u: float) -> float:
    a, b, c, d = cubic
    return ((a * u + b) * u + c) * u + d


def _share_at(time: Cubic, share: float) -> float:
    """The u at which `share` of the time has passed: by halving, which always arrives."""
    low, high = 0.0, 1.0
    for _ in range(16):
        middle = (low + high) / 2
        if _cubic(time, middle) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
