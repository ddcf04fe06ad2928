"""Rio, drawn and rigged anew by the scripts under test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.support.stage import Stage

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def rio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model3.json of the built-in avatar."""

    folder = tmp_path_factory.mktemp("avatar") / "rio"
    subprocess.run([sys.executable, "-m", "assets.avatar", folder], cwd=ROOT, check=True, timeout=300)
    return folder / "rio.model3.json"


@pytest.fixture(scope="session")
def stage(rio: Path, qapp: QApplication) -> Iterator[Stage]:
    """Rio in a widget that is never shown, in any pose one likes."""
    stage = Stage(rio)
    yield stage
    stage.close()
