"""Where there is no display the answer is a sentence, not the end of the process."""

from __future__ import annotations

import sys

import pytest

from app.avatar import display


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be without a display")
def test_without_a_display_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert "no display with OpenGL" in (display.why_not() or "")


def test_an_interpreter_that_cannot_be_started_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert display.why_not() is not None
