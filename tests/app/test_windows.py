"""Panels are made once, and anew when language or colours change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.windows import Name, Windows


class Panel(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.draft = ""
        self.disposed = 0

    def dispose(self) -> None:
        self.disposed += 1


class Made:
    def __init__(self) -> None:
        self.panels: list[Panel] = []
        self.windows = Windows(self._make)

    def _make(self, name: Name) -> QWidget:
        self.panels.append(Panel())
        return self.panels[-1]


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Made]:
    made = Made()
    yield made
    made.windows.close()


def test_a_panel_is_made_when_it_is_wanted_and_once(made: Made) -> None:
    assert made.windows.made("chat") is None
    panel = made.windows.show("chat")
    panel.close()
    assert made.windows.show("chat") is panel
    assert panel.isVisible()
    made.windows.show("settings")
    assert len(made.panels) == 2


def test_it_is_hidden_only_if_it_is_looked_at(qtbot: QtBot, made: Made) -> None:
    panel = made.windows.show("chat")
    with qtbot.waitActive(panel):
        panel.activateWindow()
    made.windows.toggle("chat")
    assert not panel.isVisible()


def test_anew_it_keeps_its_place_and_what_was_written(made: Made) -> None:
    old, hidden = made.windows.show("chat"), made.windows.show("settings")
    assert isinstance(old, Panel)
    old.draft = "half a sen"
    old.setGeometry(40, 50, 300, 200)
    hidden.close()
    made.windows.renew()
    new = made.windows.made("chat")
    assert isinstance(new, Panel)
    assert new is not old
    assert (new.draft, new.geometry(), new.isVisible()) == ("half a sen", old.geometry(), True)
    assert made.windows.made("settings") is None
    assert [panel.disposed for panel in made.panels] == [1, 1, 0]
