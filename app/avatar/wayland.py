"""Which of Qt's platforms the window needs."""

from __future__ import annotations

from collections.abc import Mapping


def choose_platform(env: Mapping[str, str]) -> str | None:
    """What QT_QPA_PLATFORM should be, set before the QApplication is made; None leaves the choice to Qt.

    A Wayland window may neither choose its place nor stay above others nor ask where the pointer is. Through
    XWayland it may, so that is used where there is one, unless the user chose otherwise.
    """
    if env.get("WAYLAND_DISPLAY") and env.get("DISPLAY") and not env.get("QT_QPA_PLATFORM"):
        return "xcb"
    return None
