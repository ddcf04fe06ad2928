"""What X11 answers to mistakes; the rest is tried by clicking, in test_window.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.avatar.click_through.x11 import X11
from app.avatar.rect import Rect
from engine.errors import EnvironmentFault


@pytest.fixture
def x11(qapp: QApplication) -> Iterator[X11]:
    if QGuiApplication.platformName() != "xcb":
        pytest.skip("the tests do not run on X11 here")
    x11 = X11()
    yield x11
    x11.close()


def test_window_that_has_gone_is_no_error(x11: X11) -> None:
    for _ in range(2):
        x11.set_outline(1, (Rect(0, 0, 5, 5),))
    assert x11.blends() in (True, False)  # the connection lives on


def test_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(EnvironmentFault, match="cannot be reached"):
        X11()
