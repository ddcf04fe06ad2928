"""After a crash in native code: offers to run the engine in a process of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from app.i18n import Words


def offer_child(words: Words, accept: Callable[[], None]) -> QMessageBox:
    """A question, open, that keeps nothing waiting; `accept` is called on yes. The caller keeps it."""
    box = QMessageBox(QMessageBox.Icon.Question, words("tray.name"), words("application.crashed-title"))
    box.setInformativeText(words("application.crashed"))
    yes = box.addButton(words("application.crashed-yes"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(yes)
    box.setEscapeButton(box.addButton(words("application.crashed-no"), QMessageBox.ButtonRole.RejectRole))
    box.accepted.connect(accept)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.show()
    return box
