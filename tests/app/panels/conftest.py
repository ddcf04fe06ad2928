"""The settings panel over files of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from pytestqt.qtbot import QtBot

from tests.support.settings_program import Program


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What starts at login is none of the user's own."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda: str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def program(qtbot: QtBot, home: Path) -> Iterator[Program]:
    program = Program(qtbot)
    yield program
    program.end()
