"""A pose: what every parameter of a model is worth."""

from __future__ import annotations

Pose = dict[str, float]
"""By parameter id. What a layer does not find in it, the model does not have."""


def add(pose: Pose, parameter: str, amount: float) -> None:
    """Moves a parameter, if the model has it."""
    if parameter in pose:
        pose[parameter] += amount
