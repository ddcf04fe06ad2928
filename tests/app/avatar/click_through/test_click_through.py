"""Where the desktop offers no way, nothing is done, and nothing fails."""

from __future__ import annotations

from app.avatar.click_through import click_through
from app.avatar.rect import Rect


def test_wayland_takes_the_whole_rectangle() -> None:
    system = click_through("wayland")
    system.set_outline(1, (Rect(0, 0, 5, 5),))
    system.set_pointer(3, 3)
    assert system.blends()
    system.close()
