"""How often the avatar is drawn."""

from __future__ import annotations

IDLE_AFTER_S = 60.0
"""So long after the last thing that happened, nobody is watching closely."""
IDLE_FPS = 10
LONGEST_STEP_S = 0.25
"""A longer pause (hidden, suspended, a slow machine) is not made up for: hair would whip about."""


def frames_per_second(wanted: int, visible: bool, quiet_s: float) -> int:
    """Frames per second to draw now; 0 = none. `quiet_s`: seconds since anything happened."""
    if not visible:
        return 0
    return min(wanted, IDLE_FPS) if quiet_s >= IDLE_AFTER_S else wanted


def step_seconds(last: float, now: float) -> float:
    """Seconds the avatar moves on between two frames, given the clock at both."""
    return min(max(now - last, 0.0), LONGEST_STEP_S)
