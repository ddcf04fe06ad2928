"""The button that is held to talk."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.talk_button import TalkButton
from app.theme import LIGHT


class Held:
    """A window with the button, and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.level = -100.0
        self.said: list[str] = []
        self.window = QWidget()
        self.button = TalkButton(Words("en"), LIGHT, lambda: self.level)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.button)
        self.button.pressed.connect(lambda: self.said.append("pressed"))
        self.button.released.connect(lambda: self.said.append("released"))
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.button.setFocus()


@pytest.fixture
def held(qtbot: QtBot) -> Held:
    return Held(qtbot)


def test_held_by_mouse(qtbot: QtBot, held: Held) -> None:
    qtbot.mousePress(held.button, Qt.MouseButton.LeftButton)
    assert held.said == ["pressed"]
    qtbot.mouseRelease(held.button, Qt.MouseButton.LeftButton)
    assert held.said == ["pressed", "released"]


def test_a_mouse_that_slips_off_still_holds(qtbot: QtBot, held: Held) -> None:
    qtbot.mousePress(held.button, Qt.MouseButton.LeftButton)
    left = Qt.MouseButton.LeftButton
    for where in (QPoint(-50, -50), QPoint(5, 5), QPoint(400, 5)):
        glob = QPointF(held.button.mapToGlobal(where))
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(where), glob, left, left, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(held.button, move)
    assert held.said == ["pressed"]
    qtbot.mouseRelease(held.button, Qt.MouseButton.LeftButton, pos=QPoint(400, 5))
    assert held.said == ["pressed", "released"]


def test_held_by_space_which_repeats(qtbot: QtBot, held: Held) -> None:
    qtbot.keyPress(held.button, Qt.Key.Key_Space)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 5:
        event = QKeyEvent(kind, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", True)
        QApplication.sendEvent(held.button, event)
    assert held.said == ["pressed"]
    qtbot.keyRelease(held.button, Qt.Key.Key_Space)
    assert held.said == ["pressed", "released"]


@pytest.mark.parametrize("how", ["focus", "hidden", "disabled"])
def test_it_lets_go_when_it_can_no_longer_be_held(qtbot: QtBot, held: Held, how: str) -> None:
    qtbot.keyPress(held.button, Qt.Key.Key_Space)
    match how:
        case "focus":
            QApplication.sendEvent(held.button, QFocusEvent(QEvent.Type.FocusOut))
        case "hidden":
            held.window.hide()
        case _:
            held.button.setEnabled(False)
    assert held.said == ["pressed", "released"]


def test_it_shows_how_loud_it_is_only_while_the_microphone_listens(qtbot: QtBot, held: Held) -> None:
    held.level = -35.0
    assert held.button.level == 0.0
    held.button.listen(True)
    qtbot.waitUntil(lambda: held.button.level == 0.5)
    held.level = 0.0
    qtbot.waitUntil(lambda: held.button.level == 1.0)
    held.button.listen(False)
    assert held.button.level == 0.0
    assert held.button.accessibleName() == "Hold to talk"
