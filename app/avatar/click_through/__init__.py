"""Clicks beside the avatar go to the windows below.

Each system has a way of its own, in a file of its own. X11 takes the outline and does the rest. Windows and
macOS know only windows that take all clicks or none; there the pointer is followed (following.py). Those two
files were **never run yet**, only type-checked.
"""

from __future__ import annotations

from typing import Protocol

from app.avatar.click_through.following import Following
from app.avatar.outline import Outline


class ClickThrough(Protocol):
    """The desktop, as far as it lets input through."""

    def set_outline(self, window: int, shape: Outline) -> None:
        """The window, by Qt's winId, is to take input inside `shape` only: device pixels from its top left.
        To be called a few times a second, also when nothing has changed."""
        ...

    def set_pointer(self, x: float, y: float) -> None:
        """Where the pointer is, from the same corner. To be called many times a second."""
        ...

    def blends(self) -> bool:
        """Whether transparent windows are transparent now; else they are black where nothing is drawn."""
        ...

    def close(self) -> None:
        """Lets go of the system."""
        ...


def click_through(platform: str) -> ClickThrough:
    """The one for a platform of Qt, by QGuiApplication's platformName."""
    if platform == "xcb":
        from app.avatar.click_through.x11 import X11

        return X11()
    if platform == "windows":
        from app.avatar.click_through import windows

        return Following(windows.let_pass)
    if platform == "cocoa":
        from app.avatar.click_through import macos

        return Following(macos.let_pass)
    return _Rectangular()


class _Rectangular:
    """A desktop that offers no way (Wayland without XWayland): the whole rectangle takes the clicks."""

    def set_outline(self, window: int, shape: Outline) -> None:
        pass

    def set_pointer(self, x: float, y: float) -> None:
        pass

    def blends(self) -> bool:
        return True

    def close(self) -> None:
        pass
