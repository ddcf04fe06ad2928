"""The questions before memories are forgotten, which cannot be undone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.i18n import Words
from app.panels.confirming import Confirmation


def ask_to_forget(words: Words, parent: QWidget, text: str, forget: Callable[[], None]) -> None:
    """Calls `forget` if the user wants the memory with that text to be erased."""
    dialog = Confirmation(
        words,
        parent,
        title=words("memories.forget-title"),
        text=words("memories.forget-text", text=text),
        action=words("memories.forget-yes"),
    )
    dialog.accepted.connect(forget)
    dialog.open()


def ask_to_forget_everything(words: Words, parent: QWidget, forget: Callable[[], None]) -> None:
    """Calls `forget` if the user has typed that everything is to be erased."""
    dialog = Confirmation(
        words,
        parent,
        title=words("memories.forget-all-title"),
        text=words("memories.forget-all-text"),
        action=words("memories.forget-all-yes"),
        word=words("memories.forget-all-word"),
    )
    dialog.accepted.connect(forget)
    dialog.open()
