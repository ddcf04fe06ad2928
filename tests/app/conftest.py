"""What tests of the window's side get: an application set up for live2d, or a skip that says why not."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from app.avatar.display import why_not


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """pytest-qt makes the one application of the tests from this."""
    if reason := why_not():
        pytest.skip(reason)
    from app.avatar.live2d_setup import prepare

    prepare()
    return QApplication
