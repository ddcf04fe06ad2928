"""The field to write in, by keyboard and by input method."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.composer import Composer


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    composer = Composer(Words("zh"))
    composer.resize(300, 38)
    qtbot.addWidget(composer)
    composer.show()
    qtbot.waitExposed(composer)
    composer.setFocus()
    return composer


def compose(composer: Composer, preedit: str, commit: str = "") -> None:
    """What an input method sends."""
    event = QInputMethodEvent(preedit, [])
    if commit:
        event.setCommitString(commit)
    QCoreApplication.sendEvent(composer, event)


def test_enter_sends_and_shift_enter_begins_a_line(qtbot: QtBot, composer: Composer) -> None:
    qtbot.keyClicks(composer, "one")
    qtbot.keyClick(composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(composer, "two")
    assert composer.toPlainText() == "one\ntwo"
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        with qtbot.waitSignal(composer.submitted):
            qtbot.keyClick(composer, key)
    assert composer.toPlainText() == "one\ntwo", "whoever sends it clears the field"


def test_enter_that_confirms_a_composition_does_not_send(qtbot: QtBot, composer: Composer) -> None:
    compose(composer, "ni hao")
    assert composer.composing
    assert composer.toPlainText() == ""
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer, Qt.Key.Key_Return)
    compose(composer, "", "你好")
    assert composer.toPlainText() == "你好"
    assert not composer.composing
    with qtbot.waitSignal(composer.submitted):
        qtbot.keyClick(composer, Qt.Key.Key_Return)


def test_a_composition_in_the_middle_of_a_line(qtbot: QtBot, composer: Composer) -> None:
    composer.setPlainText("喝茶")
    compose(composer, "", "想")
    compose(composer, "lv")
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer, Qt.Key.Key_Enter)
    compose(composer, "", "绿")
    assert composer.toPlainText() == "想绿喝茶"
    compose(composer, "cha")
    compose(composer, "")  # given up
    assert composer.toPlainText() == "想绿喝茶"
    assert not composer.composing


def test_it_grows_with_its_lines_and_then_scrolls(qtbot: QtBot, composer: Composer) -> None:
    heights = []
    for lines in range(1, 12):
        composer.setPlainText("\n".join("line" for _ in range(lines)))
        heights.append(composer.height())
    assert heights[0] < heights[2] < heights[4]
    assert heights[8] == heights[10]
    assert composer.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAsNeeded
    composer.setPlainText("word " * 30)
    assert composer.height() > heights[1], "long lines are wrapped, and count"
    composer.clear()
    assert composer.height() == heights[0]
    assert composer.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_tab_leaves_it(composer: Composer) -> None:
    assert composer.tabChangesFocus()
    assert composer.accessibleName() == "消息输入框"
