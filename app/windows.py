"""The panels: each made when it is first wanted, and made anew when language or colours change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

Name = Literal["chat", "memories", "settings", "diagnostics"]


@runtime_checkable
class _Keeps(Protocol):
    """A panel that holds what the user has begun to write."""

    draft: Any


@runtime_checkable
class _Leads(Protocol):
    """A panel in which the user is at one of many places."""

    spot: Any


@runtime_checkable
class _Works(Protocol):
    """A panel that has work of its own under way."""

    def dispose(self) -> None: ...


class Windows:
    """Owns the panels."""

    def __init__(self, maker: Callable[[Name], QWidget]) -> None:
        self._maker = maker
        self._made: dict[Name, QWidget] = {}

    def show(self, name: Name) -> QWidget:
        """Brings it to the front; returns it."""
        panel = self._made.get(name) or self._make(name)
        panel.show()
        panel.setWindowState(panel.windowState() & ~Qt.WindowState.WindowMinimized)
        panel.raise_()
        panel.activateWindow()
        return panel

    def toggle(self, name: Name) -> None:
        """Shows it, or hides it if it is what the user looks at."""
        panel = self._made.get(name)
        if panel and panel.isActiveWindow():
            panel.hide()
        else:
            self.show(name)

    def made(self, name: Name) -> QWidget | None:
        """The panel, if it was wanted yet."""
        return self._made.get(name)

    def renew(self) -> None:
        """Makes all of them anew; those that can be seen stay where they are."""
        old, self._made = self._made, {}
        for name, panel in old.items():
            if panel.isVisible():
                new = self._make(name)
                new.setGeometry(panel.geometry())
                if isinstance(panel, _Keeps) and isinstance(new, _Keeps):
                    new.draft = panel.draft
                if isinstance(panel, _Leads) and isinstance(new, _Leads):
                    new.spot = panel.spot
                new.show()
            _end(panel)

    def close(self) -> None:
        """To be called before the application ends."""
        for panel in self._made.values():
            _end(panel)
        self._made.clear()

    def _make(self, name: Name) -> QWidget:
        panel = self._maker(name)
        self._made[name] = panel
        return panel


def _end(panel: QWidget) -> None:
    panel.close()
    if isinstance(panel, _Works):
        panel.dispose()
    panel.deleteLater()
