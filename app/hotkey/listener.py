"""Hears one key everywhere, through pynput. What else is typed is forgotten at once, and nothing is taken
from the program that has the focus."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from app.hotkey.hold import Hold
from app.hotkey.keys import MODIFIERS, Key, Modifier
from engine.errors import EnvironmentFault

_END_S = 2.0


class Listener:
    """Hears `key` until it is closed. Calls `pressed` and `released` in threads of its own, in turn.

    Raises EnvironmentFault `hotkey-unavailable`.
    """

    def __init__(self, key: Key, pressed: Callable[[], None], released: Callable[[], None]) -> None:
        keyboard = _keyboard()
        self._key = key
        self._pressed = pressed
        self._released = released
        self._lock = threading.Lock()
        self._hold = Hold()
        self._down: set[Modifier] = set()
        self._timer: threading.Timer | None = None
        self._modifiers: dict[Any, Modifier] = {
            getattr(keyboard.Key, name): modifier
            for modifier in MODIFIERS
            for name in (modifier, f"{modifier}_l", f"{modifier}_r")
            if hasattr(keyboard.Key, name)
        }
        if hasattr(keyboard.Key, "alt_gr"):
            self._modifiers[keyboard.Key.alt_gr] = "alt"
        self._listener = keyboard.Listener(on_press=self._on_press, on_release=self._on_release)
        self._listener.start()
        self._listener.wait()
        if sys.platform == "darwin" and not self._listener.IS_TRUSTED:
            self.close()
            raise EnvironmentFault(
                "hotkey-not-allowed",
                "macOS lets no program hear keys unasked: allow it in System Settings, Privacy & Security, "
                "Input Monitoring and Accessibility, then start again.",
            )

    def close(self) -> None:
        """Hears no more; a key that is held counts as released."""
        self._listener.stop()
        self._listener.join(_END_S)
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._hold.held:
                self._hold = Hold()
                self._released()

    # ------------------------------------------------------------ in pynput's thread

    def _on_press(self, key: Any) -> None:
        with self._lock:
            if modifier := self._modifiers.get(key):
                self._down.add(modifier)
            elif self._name(key) == self._key.name and self._down == self._key.modifiers:
                now = time.monotonic()
                if self._hold.let_go(now):
                    self._released()
                if self._hold.down(now):
                    self._pressed()

    def _on_release(self, key: Any) -> None:
        with self._lock:
            modifier = self._modifiers.get(key)
            if modifier:
                self._down.discard(modifier)
            if modifier in self._key.modifiers or self._name(key) == self._key.name:
                self._hold.up(time.monotonic())
                self._wait()

    def _wait(self) -> None:
        """Until a release is one."""
        if self._hold.due is None:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = threading.Timer(max(0.0, self._hold.due - time.monotonic()), self._on_time)
        self._timer.daemon = True
        self._timer.start()

    def _on_time(self) -> None:
        with self._lock:
            if self._hold.let_go(time.monotonic()):
                self._released()

    def _name(self, key: Any) -> str:
        """As in `keys`; empty for keys that have no name there."""
        if name := getattr(key, "name", None):
            return name
        # While ctrl is held, some systems tell of the control character.
        return (getattr(self._listener.canonical(key), "char", None) or "").lower()


def _keyboard() -> Any:
    try:
        from pynput import keyboard
    except Exception as error:  # of Xlib too, which has its own
        raise EnvironmentFault(
            "hotkey-unavailable",
            "No key can be heard everywhere on this desktop; hold the middle mouse button on her instead, or "
            "the button in the chat.",
        ) from error
    return keyboard
