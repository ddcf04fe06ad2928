"""The six expressions: complete, possible, and each its own."""

from __future__ import annotations

from itertools import combinations

from assets.avatar.acting.expressions import EXPRESSIONS
from assets.avatar.rig.parameters import PARAMETERS

RANGES = {parameter.id: parameter for parameter in PARAMETERS}


def test_there_is_one_for_each_emotion() -> None:
    assert set(EXPRESSIONS) == {"happy", "angry", "sad", "surprised", "coquettish", "calm"}


def test_each_leaves_the_parameters_within_their_ranges() -> None:
    for emotion, expression in EXPRESSIONS.items():
        for name, (value, blend) in expression.items():
            parameter = RANGES[name]
            result = parameter.default * value if blend == "Multiply" else parameter.default + value
            assert parameter.minimum <= result <= parameter.maximum, (emotion, name)


def test_no_two_are_alike() -> None:
    for one, other in combinations(EXPRESSIONS.values(), 2):
        assert one != other
