"""A choice among what is found out each time it comes into view: devices, hosts, backends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent

from app.background import Background
from app.panels.fields.choice import ChoiceField, Offer


class FoundField(ChoiceField):
    def __init__(
        self,
        first: Offer,
        find: Callable[[], list[str]],
        background: Background,
        absent: Callable[[str], str] = lambda value: value,
        name: Callable[[str], str] = lambda value: value,
    ) -> None:
        """`first` is always offered; `find` may wait, and gives the others. `name` says what one is called,
        and `absent` what a value is called that is not found."""
        super().__init__([first])
        self._first = first
        self._find = find
        self._absent = absent
        self._name = name
        self._background = background

    def look(self) -> None:
        """Finds out anew."""
        self.work(self._background, self._find, self._on_found)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and self.isActiveWindow():
            self.look()

    def _on_found(self, names: list[str]) -> None:
        self.call(self._absent)
        self.offer([self._first, *((name, self._name(name)) for name in names)])
