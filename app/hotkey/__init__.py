"""The key to talk, heard wherever the focus is."""

from __future__ import annotations

import logging
import os
import sys

from PySide6.QtCore import QObject, Qt, Signal

from app.hotkey.keys import parse
from app.hotkey.listener import Listener
from app.hotkey.portal import Portal
from engine.errors import CompanionError

log = logging.getLogger(__name__)


class Hotkey(QObject):
    """Belongs to the Qt thread, in which its signals are emitted."""

    pressed = Signal()
    released = Signal()
    failed = Signal(object)
    """CompanionError: why the key is not heard."""

    _heard = Signal(bool)
    _trouble = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._ear: Listener | Portal | None = None
        self._heard.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._trouble.connect(self.failed, Qt.ConnectionType.QueuedConnection)

    def use(self, key: str) -> None:
        """Hears that key (as in `keys.parse`) from now on, and no other; `failed` if it cannot."""
        self.close()
        try:
            wanted = parse(key)
            if _on_wayland():
                self._ear = Portal(wanted, self._press, self._release, self._trouble.emit)
            else:
                self._ear = Listener(wanted, self._press, self._release)
        except CompanionError as error:
            self._trouble.emit(error)

    def close(self) -> None:
        """Hears no key any more; one that is held is released."""
        ear, self._ear = self._ear, None
        if ear:
            ear.close()

    def _press(self) -> None:
        self._heard.emit(True)

    def _release(self) -> None:
        self._heard.emit(False)

    def _deliver(self, down: bool) -> None:
        if down:
            self.pressed.emit()
        else:
            self.released.emit()


def _on_wayland() -> bool:
    """There, X11 hears only the keys of programs that run through XWayland."""
    return sys.platform == "linux" and bool(os.environ.get("WAYLAND_DISPLAY"))
