"""That the binding of Qt is fit to run on this Python at all."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject


def test_calls_leave_none_alone() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("any")
    assert sys.getrefcount(None) > before - 500, "Python before 3.12 dies when the last None is gone"
