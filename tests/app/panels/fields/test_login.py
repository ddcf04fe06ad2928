"""The switch for starting at login, with the real files of this system in a folder of the test's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from app.background import Background
from app.panels.fields.login import LoginField
from app.start_at_login import set_start_at_login, starts_at_login
from app.theme import LIGHT
from engine.errors import CompanionError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="would change what starts on this computer")


class Login:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.background = Background()
        self.field = LoginField(LIGHT, self.background)
        self.wanted: list[str] = []
        self.refused: list[CompanionError] = []
        self.field.wanted.connect(self.wanted.append)
        self.field.refused.connect(self.refused.append)
        qtbot.addWidget(self.field)

    @property
    def on(self) -> bool:
        assert isinstance(self.field.control, QCheckBox)
        return self.field.control.isChecked()

    def click(self) -> None:
        QTest.mouseClick(self.field.control, Qt.MouseButton.LeftButton)


@pytest.fixture
def login(qtbot: QtBot, home: Path) -> Iterator[Login]:
    login = Login(qtbot)
    yield login
    login.background.close()


def test_the_setting_follows_the_system(login: Login) -> None:
    login.field.show()
    login.click()
    login.qtbot.waitUntil(lambda: login.wanted == ["true"])
    assert starts_at_login()
    login.click()
    login.qtbot.waitUntil(lambda: login.wanted == ["true", "false"])
    assert not starts_at_login()


def test_it_shows_what_the_system_says(login: Login) -> None:
    set_start_at_login(True)
    login.field.put(False)
    login.field.show()
    login.qtbot.waitUntil(lambda: login.on)
    assert login.wanted == []


def test_what_the_system_refuses_is_told(login: Login, home: Path) -> None:
    home.touch()
    login.field.show()
    login.click()
    login.qtbot.waitUntil(lambda: "login-unwritable" in [error.code for error in login.refused])
    assert login.wanted == []
    login.field.stay(False)
    assert not login.on
