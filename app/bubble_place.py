"""Where the speech bubble stands beside the avatar. Pure; logical pixels of the screen."""

from __future__ import annotations

from typing import Literal

from app.avatar.rect import Rect

Side = Literal["left", "right"]

_MARGIN = 8
"""To the edges of the screen."""
_OVERLAP = 0.16
"""Part of the avatar's window the bubble may reach into: beside her head it is empty."""
_MOUTH = 0.3
"""How far down the window she speaks, where the bubble ends."""


def place(size: tuple[int, int], avatar: Rect, screen: Rect) -> tuple[Rect, Side]:
    """Where a bubble of (width, height) stands, and on which side of her: where it has room, else where there
    is more of it. It is on the screen whole, or as much of it as the screen holds."""
    width, height = size
    reach = round(avatar.width * _OVERLAP)
    right, left = avatar.right - reach, avatar.left + reach - width
    room_right = screen.right - _MARGIN - right - width
    room_left = left - screen.left - _MARGIN
    side: Side = "right" if room_right >= 0 or room_right >= room_left else "left"
    x = right if side == "right" else left
    y = avatar.top + round(avatar.height * _MOUTH) - height
    x = _within(x, width, screen.left + _MARGIN, screen.right - _MARGIN)
    y = _within(y, height, screen.top + _MARGIN, screen.bottom - _MARGIN)
    return Rect(x, y, width, height), side


def _within(start: int, length: int, low: int, high: int) -> int:
    """The start moved so that all lies between `low` and `high`; if it cannot, its beginning does."""
    return max(low, min(start, high - length))
