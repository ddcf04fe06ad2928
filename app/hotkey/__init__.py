"""The key to talk, heard wherever the focus is."""

from __future__ import annotations

import logging
import os
import sys
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from app.background import Background
from app.hotkey.keys import parse
from app.hotkey.listener import Listener
from app.hotkey.portal import Portal

log = logging.getLogger(__name__)


class Hotkey(QObject):
    """Belongs to the Qt thread, in which its signals are emitted. What may wait (the first load of pynput, a
    display, a bus) is done beside it, in order."""

    pressed = Signal()
    released = Signal()
    ready = Signal(str)
    """This key is heard from now on."""
    failed = Signal(object)
    """CompanionError: why the key is not heard."""

    _heard = Signal(bool)
    _trouble = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._background = Background()
        self._ear: Listener | Portal | None = None
        self._heard.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._trouble.connect(self.failed, Qt.ConnectionType.QueuedConnection)

    def use(self, key: str) -> None:
        """Hears that key (as in `keys.parse`) from `ready` on, and no other; `failed` if it cannot."""
        self._background.do(partial(self._open, key), lambda _: self.ready.emit(key), self.failed.emit)

    def close(self) -> None:
        """Hears no key any more; one that is held is released. To be called before the application ends."""
        self._background.do(self._shut, lambda _: None, lambda _: None)
        self._background.close()

    # ------------------------------------------------------------ beside the Qt thread

    def _open(self, key: str) -> None:
        self._shut()
        wanted = parse(key)
        if _on_wayland():
            self._ear = Portal(wanted, self._press, self._release, self._trouble.emit)
        else:
            self._ear = Listener(wanted, self._press, self._release)

    def _shut(self) -> None:
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
