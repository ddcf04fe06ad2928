"""Where on which screen the avatar stands, and how large.

A place is kept relative to its screen, by the point she stands on: scaling leaves that where it is, and a
screen that moves takes her along. What is remembered changes only when the user moves or scales her. When a
screen is unplugged she goes to another for as long as it is away, and back when it returns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from app.avatar.rect import Rect

WIDTH_PER_HEIGHT = 10 / 13
LOWEST = 130
"""Least height of the window, in logical pixels; less only on a screen that is smaller."""
_AT_FIRST = 546
_ZOOM = 1.1
"""How much a notch of the wheel scales."""


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where on a screen she stands, in logical pixels from the top left of its free part."""

    x: int
    """The middle of her feet."""
    y: int
    height: int
    """Of the window."""


class Memory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is remembered."""

    last: str = ""
    """The screen the user last put her on."""
    places: Mapping[str, Place] = {}
    """By the name of the screen."""


class Screen(NamedTuple):
    name: str
    free: Rect
    """What panels and docks leave of it."""


def home(memory: Memory, screens: Sequence[Screen]) -> Rect:
    """The rectangle of the window. `screens` are those there are, the main one first; at least one."""
    screen = next((screen for screen in screens if screen.name == memory.last), screens[0])
    return _window(memory.places.get(screen.name) or _corner(screen.free), screen.free)


def moved(memory: Memory, window: Rect, screens: Sequence[Screen]) -> Memory:
    """The user has put the window here: remembers that, pulled back onto the screen that has most of it."""
    screen = max(screens, key=lambda screen: (_shared(window, screen.free), -_distance(window, screen.free)))
    free = screen.free
    inside = _window(_place(window, free), free)
    return Memory(screen.name, {**memory.places, screen.name: _place(inside, free)})


def zoomed(window: Rect, notches: float) -> Rect:
    """The window scaled by the wheel, standing where it stood."""
    height = max(LOWEST, round(window.height * _ZOOM ** max(-20.0, min(notches, 20.0))))
    width = _width(height)
    return Rect(window.left + window.width // 2 - width // 2, window.bottom - height, width, height)


def _window(place: Place, free: Rect) -> Rect:
    """The window at a place, made smaller and pulled back where it would leave the screen."""
    height = max(1, min(max(place.height, LOWEST), free.height, int(free.width / WIDTH_PER_HEIGHT)))
    width = _width(height)
    left, top = free.left + place.x - width // 2, free.top + place.y - height
    return Rect(
        max(free.left, min(left, free.right - width)),
        max(free.top, min(top, free.bottom - height)),
        width,
        height,
    )


def _place(window: Rect, free: Rect) -> Place:
    return Place(window.left + window.width // 2 - free.left, window.bottom - free.top, window.height)


def _corner(free: Rect) -> Place:
    """Where she stands at first: at the right, at the bottom, in at most two thirds of the height."""
    return Place(free.width, free.height, min(_AT_FIRST, free.height * 2 // 3))


def _width(height: int) -> int:
    return max(1, int(height * WIDTH_PER_HEIGHT))


def _shared(one: Rect, other: Rect) -> int:
    """How many pixels two rectangles share."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height)


def _distance(window: Rect, free: Rect) -> float:
    """How far the middles of two rectangles are apart (both axes added up, doubled)."""
    across = abs(2 * (window.left - free.left) + window.width - free.width)
    return across + abs(2 * (window.top - free.top) + window.height - free.height)
