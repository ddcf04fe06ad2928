"""How motions are told: what a parameter does at which second, always beginning and ending at rest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Curve = Sequence[tuple[float, float]]
"""Points (seconds, value)."""

REST: Mapping[str, float] = {"ParamEyeLOpen": 1.0, "ParamEyeROpen": 1.0}
"""Resting values that are not 0."""


@dataclass(frozen=True)
class Motion:
    """One motion; `curves` names parameters without their `Param`."""

    duration: float
    """Seconds."""
    curves: Mapping[str, Curve]
    """By parameter id."""
    loop: bool = False


def gesture(duration: float, **moves: Curve) -> Motion:
    """A motion out of rest and back into it: the given points, and rest at both ends."""
    curves = {}
    for name, points in moves.items():
        rest = REST.get("Param" + name, 0.0)
        curves["Param" + name] = [(0.0, rest), *points, (duration, rest)]
    return Motion(duration, curves)


def lasting(duration: float, **moves: Curve) -> Motion:
    """A motion that may be repeated for as long as a state lasts; it begins and ends at rest as well."""
    return Motion(duration, gesture(duration, **moves).curves, loop=True)


def held(value: float, start: float, end: float) -> Curve:
    """Reaches a value at one time and keeps it until another."""
    return [(start, value), (end, value)]


def swaying(low: float, high: float, start: float, end: float, swings: int) -> Curve:
    """To and fro between two values, `swings` times each way."""
    step = (end - start) / (2 * swings - 1)
    return [(start + index * step, (high, low)[index % 2]) for index in range(2 * swings)]


def breathing(duration: float, breaths: int, depth: float = 1.0) -> Curve:
    """Breaths in even time; without the ends of the motion, which are at rest."""
    half = duration / (2 * breaths)
    points = [(round(index * half, 4), depth * (index % 2)) for index in range(1, 2 * breaths)]
    return [point for point in points if not math.isclose(point[0], duration)]
