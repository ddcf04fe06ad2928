"""The plainest movements of points, (n, 2), in canvas pixels."""

from __future__ import annotations

import numpy as np

from assets.avatar.net import Values
from assets.avatar.rig.builder import Points


def moved(points: Points, x: float, y: float) -> Points:
    """The points, shifted."""
    return points + np.array([x, y])


def turned(points: Points, pivot: tuple[float, float], angles: Values | float) -> Points:
    """The points, turned about a pivot by radians (clockwise on screen), one angle each or one for all."""
    across, down = points[:, 0] - pivot[0], points[:, 1] - pivot[1]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.stack([pivot[0] + across * cos - down * sin, pivot[1] + across * sin + down * cos], 1)
