"""Where the pointer is, as seen from the face."""

from __future__ import annotations

from app.avatar.gaze import Point


def glance(pointer: Point, face: Point, reach: float) -> Point | None:
    """The pointer as a point to look at: -1..1, x to the right and y up; None farther than `reach` away.

    `pointer` and `face` are pixels, y down; `reach` > 0 is how far she looks, in pixels.
    """
    x, y = (pointer[0] - face[0]) / reach, (face[1] - pointer[1]) / reach
    return (x, y) if max(abs(x), abs(y)) <= 1 else None
