"""motion3.json: curves, and counts of what is in them.

The core trusts the counts for the sizes of its buffers, so they are counted here, never copied.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from app.avatar.opening.formats import Number, Struct, Text, parse
from app.avatar.opening.refused import ModelRefused

_POINTS = (1, 3, 1, 1)
"""Of a segment of each kind (linear, bezier, stepped, inverse stepped); each is a time and a value."""


class Curve(Struct, frozen=True, kw_only=True):
    target: Text
    id: Text
    fade_in_time: Number | None = None
    fade_out_time: Number | None = None
    segments: list[Number]


class Meta(Struct, frozen=True, kw_only=True):
    duration: Annotated[float, msgspec.Meta(gt=0, le=1e5)]
    fps: Annotated[float, msgspec.Meta(gt=0, le=1000)] = 30.0
    loop: bool = False
    are_beziers_restricted: bool = False
    fade_in_time: Number | None = None
    fade_out_time: Number | None = None
    curve_count: int = 0
    total_segment_count: int = 0
    total_point_count: int = 0
    user_data_count: int = 0
    total_user_data_size: int = 0


class Motion(Struct, frozen=True, kw_only=True):
    version: int = 3
    meta: Meta
    curves: Annotated[list[Curve], msgspec.Meta(max_length=5000)]


def parse_motion(data: bytes, name: str) -> Motion:
    """The motion in the file `name`, its counts right. Raises ModelRefused `bad-json`."""
    motion = parse(data, Motion, name)
    curves = [_with_segment(curve, motion.meta.duration) for curve in motion.curves]
    counts = [_count(curve, name) for curve in curves]
    meta = msgspec.structs.replace(
        motion.meta,
        curve_count=len(counts),
        total_segment_count=sum(segments for segments, _ in counts),
        total_point_count=sum(points for _, points in counts),
        user_data_count=0,
        total_user_data_size=0,
    )
    return msgspec.structs.replace(motion, meta=meta, curves=curves)


def _with_segment(curve: Curve, duration: float) -> Curve:
    """The curve, with a segment that holds its value if it has none: the core reads beyond such a curve."""
    if len(curve.segments) != 2:
        return curve
    time, value = curve.segments
    return msgspec.structs.replace(curve, segments=[time, value, 0, max(time, duration), value])


def _count(curve: Curve, name: str) -> tuple[int, int]:
    """Segments and points of a curve."""
    numbers = curve.segments
    if len(numbers) < 2:
        raise _bad(name, curve, "is empty")
    time, at, segments, points = numbers[0], 2, 0, 1
    while at < len(numbers):
        kind = numbers[at]
        if kind not in (0, 1, 2, 3):
            raise _bad(name, curve, "has a segment of an unknown kind")
        end = at + 1 + 2 * _POINTS[int(kind)]
        if end > len(numbers):
            raise _bad(name, curve, "ends amid a segment")
        time = _later(time, numbers[end - 2], name, curve)
        segments, points, at = segments + 1, points + _POINTS[int(kind)], end
    return segments, points


def _later(before: float, after: float, name: str, curve: Curve) -> float:
    if after < before:
        raise _bad(name, curve, "goes back in time")
    return after


def _bad(name: str, curve: Curve, what: str) -> ModelRefused:
    return ModelRefused("bad-json", f"{name} is damaged: its curve of {curve.id} {what}.")
