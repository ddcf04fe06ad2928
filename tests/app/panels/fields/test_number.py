"""Numbers in their range."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.panels.fields.number import NumberField
from engine.config import SettingInfo, describe

INFOS = {info.key: info for info in describe() if "number" in info.type}


def make(qtbot: QtBot, info: SettingInfo, unit: str = "") -> tuple[NumberField, QAbstractSpinBox, list[str]]:
    field = NumberField(info, unit)
    qtbot.addWidget(field)
    field.put(info.default)
    field.show()
    wanted: list[str] = []
    field.wanted.connect(wanted.append)
    assert isinstance(field.control, QAbstractSpinBox)
    return field, field.control, wanted


@pytest.mark.parametrize("info", INFOS.values(), ids=INFOS)
def test_every_default_is_shown_as_it_is(qtbot: QtBot, info: SettingInfo) -> None:
    field, box, wanted = make(qtbot, info)
    assert float(box.text()) == info.default
    field.commit()
    assert wanted == []


def test_it_is_typed_or_stepped(qtbot: QtBot) -> None:
    field, box, wanted = make(qtbot, INFOS["tts.rate"])
    box.selectAll()
    QTest.keyClicks(box, "1.2")
    assert wanted == [], "not before it is all there"
    QTest.keyClick(box, Qt.Key.Key_Return)
    less, more = field.findChildren(QToolButton)
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    QTest.mouseClick(less, Qt.MouseButton.LeftButton)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert wanted[0] == wanted[2] == "1.2"
    assert wanted[1] == wanted[3] != "1.2"


def test_what_is_typed_and_left_is_wanted(qtbot: QtBot) -> None:
    field, box, wanted = make(qtbot, INFOS["turn.end_silence_ms"], "ms")
    assert box.text() == "700 ms"
    box.selectAll()
    QTest.keyClicks(box, "900")
    field.commit()
    assert wanted == ["900"]


def test_a_limit_that_does_not_belong_to_the_range_cannot_be_reached(qtbot: QtBot) -> None:
    _, box, wanted = make(qtbot, INFOS["deadlines.flush_s"])
    box.selectAll()
    QTest.keyClicks(box, "0")
    QTest.keyClick(box, Qt.Key.Key_Return)
    for _ in range(200):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert all(float(text) > 0 for text in wanted)


def test_large_numbers_keep_all_digits(qtbot: QtBot) -> None:
    _, box, wanted = make(qtbot, INFOS["deadlines.llm_total_s"])
    box.selectAll()
    QTest.keyClicks(box, "1234.25")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert [float(text) for text in wanted] == [1234.25]
    assert box.text() == "1234.25"
