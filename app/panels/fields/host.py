"""The other computer: those that are paired, and a way to pair with one more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton

from app.background import Background
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.panels.pairing import PairingDialog
from engine.client.known_hosts import KnownHost, KnownHosts


class HostField(ChoiceField):
    def __init__(self, words: Words, folder: Path, background: Background) -> None:
        """`folder`: the data folder, which holds what is known of hosts."""
        self._words = words
        self._folder = folder
        self._background = background
        self._last = ("", words("settings.last-host"))
        super().__init__([self._last], lambda name: words("settings.not-paired", name=name))
        pair = QPushButton(words("settings.pair"))
        pair.setAutoDefault(False)
        pair.clicked.connect(self._pair)
        self.below = pair
        self._look()

    def _look(self) -> None:
        self.work(self._background, partial(_paired, self._folder), self._on_hosts)

    def _on_hosts(self, hosts: tuple[KnownHost, ...]) -> None:
        self.offer([self._last, *((host.place, host.place) for host in hosts)])

    def _pair(self) -> None:
        dialog = PairingDialog(self._words, self._folder, self.window())
        dialog.finished.connect(self._look)
        dialog.open()


def _paired(folder: Path) -> tuple[KnownHost, ...]:
    return KnownHosts(folder, None).list()
