"""Whether the program starts at login, as the system itself says."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent

from app.background import Background
from app.panels.fields.field import Field
from app.panels.fields.switch import Switch
from app.start_at_login import set_start_at_login, starts_at_login
from app.theme import Theme
from engine.config import Value


class LoginField(Field):
    """The setting is wanted only once the system has taken it."""

    def __init__(self, theme: Theme, background: Background) -> None:
        self._switch = Switch(theme)
        super().__init__(self._switch)
        self._background = background
        self._asked = 0
        """Clicks that the system has not answered yet: until then it is the user who is right."""
        self.line.setAlignment(self._switch, Qt.AlignmentFlag.AlignRight)
        self._switch.clicked.connect(self._on_clicked)

    def put(self, value: Value) -> None:
        self._switch.setChecked(bool(value))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.work(self._background, starts_at_login, self._on_known)

    def stay(self, value: Value) -> None:
        self._asked = 0
        super().stay(value)

    def _on_known(self, on: bool) -> None:
        if not self._asked:
            self._switch.setChecked(on)

    def _on_clicked(self, on: bool) -> None:
        def done(_: object) -> None:
            self._asked = max(0, self._asked - 1)
            self.wanted.emit("true" if on else "false")

        self._asked += 1
        self.work(self._background, partial(set_start_at_login, on), done)
