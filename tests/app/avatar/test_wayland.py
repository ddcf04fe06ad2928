"""The choice of Qt's platform."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from app.avatar.wayland import choose_platform


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, None),
        ({"DISPLAY": ":0"}, None),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, None),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ""}, None),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland"}, None),
        ({"WAYLAND_DISPLAY": "", "DISPLAY": ":0"}, None),
    ],
)
def test_xwayland_where_there_is_one(env: Mapping[str, str], expected: str | None) -> None:
    assert choose_platform(env) == expected
