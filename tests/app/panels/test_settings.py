"""The settings panel over the real file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.devices.portaudio import Device
from app.i18n import Words
from app.panels.fields import device
from app.panels.fields.switch import Switch
from app.panels.setting_pages import PAGES, place_of
from app.panels.setting_row import SettingRow
from app.panels.settings import SettingsPanel
from app.preferences import Preferences
from app.theme import LIGHT
from engine import config
from engine.config import SettingInfo, Value

INFOS = {info.key: info for info in config.describe()}


@pytest.fixture(autouse=True)
def _devices(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is plugged in; listing what really is belongs to test_portaudio."""
    plugged = [Device("Headset", 1, 0), Device("Loudspeaker", 0, 2)]
    monkeypatch.setattr(device, "plugged_in", lambda: plugged)


@pytest.fixture
def preferences(qtbot: QtBot) -> Iterator[Preferences]:
    made = Preferences(os.environ)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, preferences: Preferences, tmp_path: Path) -> Iterator[SettingsPanel]:
    made = opened(qtbot, preferences, tmp_path)
    yield made
    made.dispose()


def opened(qtbot: QtBot, preferences: Preferences, folder: Path, language: str = "en") -> SettingsPanel:
    made = SettingsPanel(Words(language), LIGHT, preferences, folder, lambda: -30.0, "F8", lambda: None)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def row(panel: SettingsPanel, key: str) -> SettingRow:
    panel.draft = place_of(key)[0]
    return panel.rows[key]


def another(info: SettingInfo) -> Value:
    """A value that is neither the default nor refused."""
    special: dict[str, Value] = {
        "talk.hotkey": "f9",
        "audio.microphone": "Headset",
        "audio.speaker": "Loudspeaker",
    }
    if info.key in special:
        return special[info.key]
    if info.choices:
        return next(choice for choice in info.choices if choice != info.default)
    match info.default:
        case bool():
            return not info.default
        case int():
            return int(info.maximum or 100) if info.default != info.maximum else int(info.minimum or 0)
        case float():
            return (info.maximum or 1.0) if info.default != info.maximum else (info.minimum or 0.0)
        case _:
            return "something"


def enter(qtbot: QtBot, panel: SettingsPanel, key: str, value: Value) -> None:
    """As a user would."""
    control = row(panel, key).field.control
    match control:
        case Switch():
            control.click()
        case QComboBox():
            qtbot.waitUntil(lambda: control.findData(value) >= 0 or control.count() > 0)
            index = control.findData(value)
            control.setCurrentIndex(index)
            control.activated.emit(index)
        case QSpinBox():
            control.setValue(int(value))
        case QDoubleSpinBox():
            control.setValue(float(value))
        case QLineEdit():
            control.setFocus()
            control.setText(str(value))
            qtbot.keyClick(control, Qt.Key.Key_Return)
        case QPlainTextEdit():
            control.setFocus()
            control.setPlainText(str(value))
            panel.search.setFocus()
        case QPushButton():
            control.setFocus()
            control.click()
            qtbot.keyClick(control, Qt.Key.Key_F9)
        case _:
            raise AssertionError(type(control))


FREE = [
    key
    for key in INFOS
    if not key.endswith(".backend") and key not in ("engine.host", "audio.microphone", "audio.speaker")
]


@pytest.mark.parametrize("key", FREE)
def test_what_is_entered_is_in_the_file_and_shown(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences, key: str
) -> None:
    value = another(INFOS[key])
    with qtbot.waitSignal(preferences.changed):
        enter(qtbot, panel, key, value)
    assert preferences.value(key) == value
    written = config.load({}, config.config_path(os.environ))
    section, name = key.split(".")
    assert getattr(getattr(written, section), name) == value

    reset = panel.rows[key]._reset
    assert not reset.isHidden()
    with qtbot.waitSignal(preferences.changed):
        reset.click()
    assert preferences.value(key) == INFOS[key].default
    assert panel.rows[key]._reset.isHidden()


@pytest.mark.parametrize(("key", "name"), [("audio.microphone", "Headset"), ("audio.speaker", "Loudspeaker")])
def test_a_device_is_chosen_among_those_that_are_plugged_in(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences, key: str, name: str
) -> None:
    box = row(panel, key).field.control
    assert isinstance(box, QComboBox)
    qtbot.waitUntil(lambda: box.count() == 2)
    assert [box.itemText(index) for index in range(2)] == ["The system's default", name]
    with qtbot.waitSignal(preferences.changed):
        box.activated.emit(box.setCurrentIndex(1) or 1)
    assert preferences.value(key) == name


def test_a_device_that_is_not_plugged_in_stays_chosen(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences
) -> None:
    with qtbot.waitSignal(preferences.changed):
        preferences.change("audio.microphone", "Old Headset", lambda error: None)
    box = row(panel, "audio.microphone").field.control
    assert isinstance(box, QComboBox)
    qtbot.waitUntil(lambda: box.count() == 3)
    assert box.currentText() == "Old Headset (not connected)"


def test_what_is_refused_is_said_and_changes_nothing(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences
) -> None:
    mine = row(panel, "talk.hotkey")
    mine.field.control.setFocus()
    mine.field.control.click()  # type: ignore[attr-defined]
    qtbot.keyClick(mine.field.control, Qt.Key.Key_K)
    assert "while you write" in mine.said
    assert preferences.value("talk.hotkey") == "f8"
    assert mine.field.control.text() == "F8"  # type: ignore[attr-defined]


def test_a_key_that_others_use_is_warned_of(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences
) -> None:
    mine = row(panel, "talk.hotkey")
    mine.field.control.setFocus()
    mine.field.control.click()  # type: ignore[attr-defined]
    with qtbot.waitSignal(preferences.changed):
        qtbot.keyClick(mine.field.control, Qt.Key.Key_F1)
    assert mine.said.startswith("F1 opens the help of most programs.")


def test_escape_leaves_the_key_as_it_is(qtbot: QtBot, panel: SettingsPanel) -> None:
    button = row(panel, "talk.hotkey").field.control
    button.setFocus()
    button.click()  # type: ignore[attr-defined]
    assert button.text().startswith("Press the new key")  # type: ignore[attr-defined]
    qtbot.keyClick(button, Qt.Key.Key_Escape)
    assert button.text() == "F8"  # type: ignore[attr-defined]


def test_what_the_environment_decides_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    monkeypatch.setenv("COMPANION_TTS_RATE", "1.5")
    preferences = Preferences(os.environ)
    panel = opened(qtbot, preferences, tmp_path)
    mine = row(panel, "tts.rate")
    assert "COMPANION_TTS_RATE" in mine.said
    assert not mine.field.control.isEnabled()
    assert mine._reset.isHidden()
    panel.dispose()
    preferences.close()


def test_when_it_takes_effect_is_said(qtbot: QtBot, panel: SettingsPanel, preferences: Preferences) -> None:
    for key, said in (
        ("tts.rate", "Her engine starts anew"),
        ("general.log_level", "when the program starts again"),
        ("avatar.fps", ""),
    ):
        with qtbot.waitSignal(preferences.changed):
            enter(qtbot, panel, key, another(INFOS[key]))
        assert said in panel.rows[key].said


def test_a_word_finds_settings_of_all_pages(qtbot: QtBot, panel: SettingsPanel) -> None:
    qtbot.keyClicks(panel.search, "microphone")
    assert {"audio.microphone", "turn.echo_guard_ms", "talk.hands_free"} <= panel.rows.keys()
    panel.search.setText("nonsense that is nowhere")
    assert panel.rows == {}
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.rows.keys() >= {"general.language"}


def test_what_is_typed_is_kept_when_the_page_changes(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences
) -> None:
    control = row(panel, "persona.character").field.control
    assert isinstance(control, QPlainTextEdit)
    control.setPlainText("Calm and curious.")
    with qtbot.waitSignal(preferences.changed):
        panel.draft = "general"
    assert preferences.settings.persona.character == "Calm and curious."


def test_the_wheel_scrolls_and_changes_nothing(
    qtbot: QtBot, panel: SettingsPanel, preferences: Preferences
) -> None:
    for key in ("general.language", "avatar.fps"):
        control = row(panel, key).field.control
        event = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, event)
        assert preferences.value(key) == INFOS[key].default


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control_has_a_name_and_a_keyboard_way(
    qtbot: QtBot, preferences: Preferences, tmp_path: Path, language: str
) -> None:
    panel = opened(qtbot, preferences, tmp_path, language)
    kinds = (QAbstractButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit)
    for page in PAGES:
        panel.draft = page.name
        for control in panel.findChildren(QWidget):
            inside = isinstance(control.parent(), QSpinBox | QDoubleSpinBox | QLineEdit | QComboBox)
            if not isinstance(control, kinds) or inside or not control.isVisible():
                continue
            named = control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())
            assert named, (page.name, control)
            assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, (page.name, named)
    panel.dispose()
