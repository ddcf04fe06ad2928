"""A rectangle of pixels, and what windows and outlines need of it."""

from __future__ import annotations

from typing import NamedTuple


class Rect(NamedTuple):
    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Just outside."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Just outside."""
        return self.top + self.height

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom
