from __future__ import annotations

import pytest
from steps import testing


@pytest.mark.parametrize(
    ("platform", "display", "found", "changed"),
    [
        ("linux", "", "/usr/bin/xvfb-run", True),
        ("linux", "", None, False),
        ("linux", ":0", "/usr/bin/xvfb-run", False),
        ("darwin", "", None, False),
        ("win32", "", None, False),
    ],
)
def test_tests_draw_in_memory_where_there_is_no_display(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str, found: str | None, changed: bool
) -> None:
    monkeypatch.setattr(testing.sys, "platform", platform)
    monkeypatch.setattr(testing.shutil, "which", lambda program: found)
    monkeypatch.setenv("DISPLAY", display)
    command = testing.on_a_display(["python", "-m", "pytest"])
    assert command[-3:] == ["python", "-m", "pytest"]
    assert (command[0] == "xvfb-run") == changed
