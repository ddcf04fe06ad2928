"""The key to talk, wherever it is: the hotkey, the button on her, the tray. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Holder = Literal["hotkey", "avatar", "tray"]


class PushToTalk:
    """Pressed while anything holds it."""

    def __init__(self, press: Callable[[], None], release: Callable[[], None]) -> None:
        self._press = press
        self._release = release
        self._holders: set[Holder] = set()

    @property
    def pressed(self) -> bool:
        return bool(self._holders)

    def hold(self, holder: Holder, on: bool) -> None:
        """`holder` goes down, or up."""
        before = self.pressed
        if on:
            self._holders.add(holder)
        else:
            self._holders.discard(holder)
        if self.pressed and not before:
            self._press()
        elif before and not self.pressed:
            self._release()

    def let_go(self) -> None:
        """Nothing holds it any more: the engine it was held for has gone."""
        for holder in tuple(self._holders):
            self.hold(holder, False)
