"""The level of the microphone."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.i18n import Words
from app.panels.level_meter import LevelMeter, part
from app.theme import LIGHT
from engine.audio import SILENT_DBFS


@pytest.mark.parametrize(
    ("level_dbfs", "filled"), [(SILENT_DBFS, 0.0), (-60, 0.0), (-30, 0.5), (-15, 0.75), (0, 1.0), (3, 1.0)]
)
def test_how_much_is_filled(level_dbfs: float, filled: float) -> None:
    assert part(level_dbfs) == filled


def test_it_rises_at_once_and_falls_slowly(qtbot: QtBot) -> None:
    level = [SILENT_DBFS]
    meter = LevelMeter(Words("en"), LIGHT, "F8", lambda: level[0])
    qtbot.addWidget(meter)
    meter.resize(300, 100)
    meter.show()
    bar = meter.bar
    assert bar.filled == 0
    level[0] = -15
    qtbot.waitUntil(lambda: bar.filled == 0.75)
    middle = bar.height() // 2
    image = bar.grab().toImage()
    colours = [image.pixelColor(x, middle).name() for x in (bar.width() // 3, bar.width() - 12)]
    assert colours == [LIGHT.accent, LIGHT.accent_soft]
    level[0] = SILENT_DBFS
    qtbot.waitUntil(lambda: 0 < bar.filled < 0.75)
    qtbot.waitUntil(lambda: bar.filled == 0)


def test_it_rests_while_nobody_looks(qtbot: QtBot) -> None:
    asked: list[bool] = []

    def level() -> float:
        asked.append(True)
        return SILENT_DBFS

    meter = LevelMeter(Words("en"), LIGHT, "F8", level)
    qtbot.addWidget(meter)
    assert not meter._timer.isActive()
    meter.show()
    qtbot.waitUntil(lambda: bool(asked))
    meter.hide()
    assert not meter._timer.isActive()
