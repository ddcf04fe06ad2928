"""One of some values."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.panels.fields.choice import ChoiceField


def make(qtbot: QtBot) -> tuple[ChoiceField, QComboBox, list[str]]:
    field = ChoiceField([("a", "First"), ("b", "Second")], lambda value: f"{value}?")
    qtbot.addWidget(field)
    field.put("a")
    field.show()
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    assert isinstance(field.control, QComboBox)
    return field, field.control, wanted


def test_only_the_user_wants_another(qtbot: QtBot) -> None:
    field, box, wanted = make(qtbot)
    field.put("b")
    assert box.currentText() == "Second"
    field.offer([("a", "First"), ("b", "Second"), ("c", "Third")])
    assert wanted == []
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert wanted == ["c"]


def test_a_value_that_is_not_offered_is_shown(qtbot: QtBot) -> None:
    field, box, _ = make(qtbot)
    field.put("z")
    assert box.currentText() == "z?"
    field.call(lambda value: f"{value} (gone)")
    assert field.texts == ["First", "Second", "z (gone)"]
    field.put("a")
    assert field.texts == ["First", "Second"]


def test_what_is_too_long_can_be_read_all_the_same(qtbot: QtBot) -> None:
    field, box, _ = make(qtbot)
    field.setFixedWidth(120)
    assert box.toolTip() == ""
    field.put("a device with a very long name indeed")
    assert box.toolTip() == "a device with a very long name indeed?"


def test_the_wheel_scrolls_the_page_and_changes_nothing(qtbot: QtBot) -> None:
    _, box, wanted = make(qtbot)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    assert wanted == []
    assert box.currentText() == "First"
