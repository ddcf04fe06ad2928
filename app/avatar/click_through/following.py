"""For systems whose windows take all clicks or none: the pointer is followed, and the window takes clicks
while the pointer is on the avatar."""

from __future__ import annotations

from collections.abc import Callable

from app.avatar.outline import Outline, inside


class Following:
    def __init__(self, let_pass: Callable[[int, bool], None]) -> None:
        """`let_pass` makes a window, by Qt's winId, take all clicks (False) or none (True)."""
        self._let_pass = let_pass
        self._window = 0
        self._shape: Outline = ()
        self._applied: tuple[int, bool] | None = None

    def set_outline(self, window: int, shape: Outline) -> None:
        self._window, self._shape = window, shape

    def set_pointer(self, x: float, y: float) -> None:
        wanted = self._window, not inside(self._shape, x, y)
        if self._applied != wanted:
            self._let_pass(*wanted)
            self._applied = wanted

    def blends(self) -> bool:
        return True

    def close(self) -> None:
        pass
