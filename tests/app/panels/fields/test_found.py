"""Choices that are found out while one looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.background import Background
from app.panels.fields.found import FoundField
from engine.errors import CompanionError, EnvironmentFault


class Found:
    def __init__(self, qtbot: QtBot) -> None:
        self.names = ["Desk", "Headset"]
        self.fault: EnvironmentFault | None = None
        self.looks = 0
        self.background = Background()
        self.field = FoundField(
            ("", "As the system"), self._find, self.background, lambda name: f"{name} (not connected)"
        )
        self.refused: list[CompanionError] = []
        self.field.refused.connect(self.refused.append)
        qtbot.addWidget(self.field)

    def _find(self) -> list[str]:
        self.looks += 1
        if self.fault:
            raise self.fault
        return list(self.names)


@pytest.fixture
def found(qtbot: QtBot) -> Iterator[Found]:
    found = Found(qtbot)
    yield found
    found.background.close()


def test_what_there_is_follows_the_default(qtbot: QtBot, found: Found) -> None:
    found.field.put("Headset")
    assert found.field.texts == ["As the system", "Headset"], "nothing is known yet"
    found.field.show()
    qtbot.waitUntil(lambda: found.field.texts == ["As the system", "Desk", "Headset"])


def test_what_is_not_there_is_shown_as_such(qtbot: QtBot, found: Found) -> None:
    found.field.put("Studio")
    found.field.show()
    qtbot.waitUntil(
        lambda: found.field.texts == ["As the system", "Desk", "Headset", "Studio (not connected)"]
    )
    found.names = ["Studio"]
    found.field.look()
    qtbot.waitUntil(lambda: found.field.texts == ["As the system", "Studio"])


def test_it_looks_again_when_the_user_comes_back(qtbot: QtBot, found: Found) -> None:
    found.field.show()
    found.field.activateWindow()
    qtbot.waitActive(found.field)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    before = found.looks
    found.field.activateWindow()
    qtbot.waitUntil(lambda: found.looks > before)


def test_that_nothing_can_be_found_out_is_said(qtbot: QtBot, found: Found) -> None:
    found.fault = EnvironmentFault("no-sound-device", "There is none.")
    found.field.show()
    qtbot.waitUntil(lambda: [error.code for error in found.refused][:1] == ["no-sound-device"])


def test_a_field_that_has_gone_is_told_nothing(qtbot: QtBot) -> None:
    background = Background()
    field = FoundField(("", "x"), lambda: ["y"], background)
    field.show()
    field.deleteLater()
    done: list[object] = []
    background.do(lambda: None, done.append, done.append)
    qtbot.waitUntil(lambda: bool(done))
    background.close()
