"""The settings, with a real config file: what is changed in the panel is in the file, and in force."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.background import Background
from app.body import built_in
from app.bridge import Bridge
from app.connection import Connection
from app.i18n import Words
from app.panels.fields.choice import ChoiceField
from app.panels.fields.file import FileField
from app.panels.fields.hotkey import HotkeyField
from app.panels.fields.login import LoginField
from app.panels.pairing_dialog import PairingDialog
from app.panels.setting_pages import PAGES
from app.panels.setting_row import SettingRow
from app.panels.settings import SettingsPanel, Spot
from app.preferences import Preferences
from app.theme import LIGHT
from engine import config
from engine.client import pairing_string
from engine.client.known_hosts import KnownHost, KnownHosts
from engine.client.pairing_string import Pairing
from engine.config import SettingInfo, Value
from tests.support.sound_server import SoundServer

INFOS = {info.key: info for info in config.describe()}
DEVICES = ("audio.microphone", "audio.speaker")
"""Chosen in a test with a sound server."""
ELSEWHERE = ("avatar.model",)
"""Changed in a test of its own: it is tried out."""


class Program:
    """What the panel needs, and the panel."""

    def __init__(self, qtbot: QtBot, language: str = "en") -> None:
        self.qtbot = qtbot
        self.preferences = Preferences(os.environ)
        self.background = Background()
        self.connection = Connection(Bridge())
        self.folder = config.data_dir(os.environ)
        self.panel = self.make(language)

    def make(self, language: str = "en", *, owned: bool = True) -> SettingsPanel:
        """`owned`: it is closed at the end of the test."""
        panel = SettingsPanel(
            Words(language),  # type: ignore[arg-type]
            LIGHT,
            self.connection,
            self.preferences,
            self.background,
            self.folder,
        )
        if owned:
            self.qtbot.addWidget(panel)
        return panel

    def show(self, key: str) -> SettingRow:
        """The setting, as it can be seen."""
        self.panel.show()
        self.panel.activateWindow()
        self.qtbot.waitActive(self.panel)
        page = next(name for name, page in self.panel.pages.items() if self.panel.row(key) in page.made)
        self.panel.page = page
        self.until(lambda: not self.panel._growing.isActive())
        self.settle()
        return self.panel.row(key)

    def settle(self) -> None:
        """All that was asked in the background has been answered."""
        done: list[object] = []
        self.background.do(lambda: None, done.append, done.append)
        self.until(lambda: done)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=20000)

    def in_file(self, key: str) -> Value:
        """As another program would read it."""
        section, name = key.split(".")
        return getattr(getattr(config.load({}, config.config_path(os.environ)), section), name)

    def end(self) -> None:
        self.preferences.close()
        self.background.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What starts at login is none of the user's own."""
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda: str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def program(qtbot: QtBot, home: Path) -> Iterator[Program]:
    program = Program(qtbot)
    yield program
    program.end()


def choose(row: SettingRow, value: str) -> None:
    box = row.field.control
    assert isinstance(box, QComboBox)
    index = box.findData(value)
    assert index >= 0, [box.itemData(number) for number in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def change(program: Program, row: SettingRow, card: Path) -> Value:
    """Changes the setting as a user does; returns the value that must be in force then."""
    info, control = row.info, row.field.control
    match row.field:
        case LoginField():
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)
            return True
        case HotkeyField():
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)
            QTest.keyClick(control, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
            return "ctrl+space"
        case FileField():
            row.field.choose(str(card))
            return str(card)
        case ChoiceField():
            assert isinstance(control, QComboBox)
            other = next(
                control.itemData(number)
                for number in range(control.count())
                if control.itemData(number) != info.default
            )
            choose(row, other)
            return other
        case _:
            return type_in(program, control, info)


def type_in(program: Program, control: QWidget, info: SettingInfo) -> Value:
    if isinstance(control, QPlainTextEdit):
        control.setFocus()
        program.until(control.hasFocus)
        QTest.keyClicks(control, "Likes the sea")
        control.clearFocus()
        return "Likes the sea"
    if isinstance(control, QLineEdit):
        control.selectAll()
        QTest.keyClicks(control, "example")
        QTest.keyClick(control, Qt.Key.Key_Return)
        return "example"
    if isinstance(control, QAbstractSpinBox):
        most, least = info.maximum or 0, info.minimum or 0
        wanted = round((most + least) / 2, 2)
        wanted = int(wanted) if info.type == "whole number" else wanted
        wanted = wanted if wanted != info.default else least
        control.selectAll()
        QTest.keyClicks(control, f"{wanted:g}")
        QTest.keyClick(control, Qt.Key.Key_Return)
        return wanted
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    return not info.default


@pytest.mark.parametrize("key", [key for key in INFOS if key not in (*DEVICES, *ELSEWHERE)])
def test_every_setting_is_changed_and_reset(program: Program, tmp_path: Path, key: str) -> None:
    KnownHosts(program.folder, None).keep(KnownHost("10.0.0.2", 8000, "0" * 64), "token")
    card = tmp_path / "card.toml"
    card.touch()
    row = program.show(key)
    assert row.isVisible()
    assert not row.may_reset
    wanted = change(program, row, card)
    program.until(lambda: program.preferences.value(key) == wanted)
    assert program.in_file(key) == wanted
    assert row.refusal == ""
    assert row.may_reset
    QTest.mouseClick(row._reset, Qt.MouseButton.LeftButton)
    program.until(lambda: program.preferences.value(key) == INFOS[key].default)
    assert program.in_file(key) == INFOS[key].default
    assert not row.may_reset


def test_what_was_changed_elsewhere_is_shown(program: Program) -> None:
    row = program.show("tts.rate")
    program.preferences.change("tts.rate", "1.5", lambda error: pytest.fail(error.message))
    program.until(lambda: row.may_reset)
    assert isinstance(row.field.control, QAbstractSpinBox)
    assert row.field.control.text() == "1.5"


def test_a_change_that_cannot_be_kept_is_refused(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = program.show("memory.enabled")
    blocking = tmp_path / "file"
    blocking.touch()
    program.preferences._path = blocking / "config.toml"
    control = row.field.control
    assert isinstance(control, QAbstractButton)
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    program.until(lambda: row.refusal)
    assert control.isChecked(), "what is in force"
    assert row.refusal in control.accessibleDescription()
    program.preferences._path = config.config_path(os.environ)
    QTest.mouseClick(control, Qt.MouseButton.LeftButton)
    program.until(lambda: program.preferences.value("memory.enabled") is False)
    assert row.refusal == ""


def test_a_text_that_cannot_be_kept_stays_to_be_tried_again(program: Program, tmp_path: Path) -> None:
    row = program.show("persona.name")
    blocking = tmp_path / "file"
    blocking.touch()
    program.preferences._path = blocking / "config.toml"
    edit = row.field.control
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "Mia")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    program.until(lambda: row.refusal)
    assert edit.text() == "Mia"
    program.preferences._path = config.config_path(os.environ)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    program.until(lambda: program.preferences.value("persona.name") == "Mia")


def test_what_the_environment_decides_cannot_be_changed(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, home: Path
) -> None:
    monkeypatch.setenv("COMPANION_TTS_RATE", "1.5")
    program = Program(qtbot)
    row = program.show("tts.rate")
    assert not row.field.control.isEnabled()
    assert "COMPANION_TTS_RATE" in row.note
    assert not row.may_reset
    program.end()


def test_it_is_said_when_a_change_takes_effect(program: Program) -> None:
    later, anew, now = (program.show(key) for key in ("host.tls", "tts.rate", "avatar.subtitles"))
    assert [later.note, anew.note, now.note] == ["", "", ""]
    for key, text in (("host.tls", "true"), ("tts.rate", "1.5"), ("avatar.subtitles", "false")):
        program.preferences.change(key, text, lambda error: pytest.fail(error.message))
    program.until(lambda: now.may_reset)
    assert "the next time" in later.note
    assert "starts anew" in anew.note
    assert now.note == ""
    again = program.make()
    assert "the next time" in again.row("host.tls").note, "it is still to come"
    program.preferences.change("host.tls", "false", lambda error: pytest.fail(error.message))
    program.until(lambda: not later.may_reset)
    assert later.note == "", "all is as it was when the program started"


def test_a_remote_engine_has_settings_of_its_own(program: Program) -> None:
    program.show("tts.rate")
    assert not program.panel._elsewhere.isVisible()
    program.preferences.change("engine.place", "remote", lambda error: pytest.fail(error.message))
    program.until(program.panel._elsewhere.isVisible)
    program.panel.page = "general"
    assert not program.panel._elsewhere.isVisible()


# -------------------------------------------------------------------- pages and search


def seen(program: Program) -> set[str]:
    return {row.info.key for page in program.panel.pages.values() for row in page.made if row.isVisible()}


def test_pages_are_chosen_by_keyboard(program: Program) -> None:
    program.show("desktop.theme")
    assert seen(program) == {"general.language", "desktop.theme", "desktop.start_at_login"}
    pages = program.panel._list
    pages.setFocus()
    QTest.keyClick(pages, Qt.Key.Key_Down)
    assert program.panel.page == "voice"
    assert "tts.rate" in seen(program)
    assert "desktop.theme" not in seen(program)


def test_special_settings_are_folded(program: Program) -> None:
    program.panel.show()
    program.panel.page = "engine"
    program.until(lambda: seen(program) == {"engine.place", "engine.host"})
    title = program.panel.pages["engine"].groups[1]._title
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    program.until(lambda: "llm.backend" in seen(program))
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    assert seen(program) == {"engine.place", "engine.host"}


def test_everything_is_made_in_time_though_nobody_looks(program: Program) -> None:
    program.panel.show()
    program.until(lambda: sum(len(page.made) for page in program.panel.pages.values()) == len(INFOS))
    program.until(lambda: not program.panel._growing.isActive())


def test_a_search_goes_over_all_pages(program: Program) -> None:
    program.show("desktop.theme")
    QTest.keyClick(program.panel, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is program.panel.search
    QTest.keyClicks(program.panel.search, "answers")
    assert "persona.language" in seen(program)
    assert "turn.max_utterance_s" in seen(program), "folded ones are found"
    assert "desktop.theme" not in seen(program)
    QTest.keyClicks(program.panel.search, " no such thing")
    assert seen(program) == set()
    assert program.panel._nothing.isVisible()
    QTest.keyClick(program.panel.search, Qt.Key.Key_Escape)
    assert "desktop.theme" in seen(program)
    assert not program.panel._nothing.isVisible()
    QTest.keyClick(program.panel.search, Qt.Key.Key_Escape)
    assert not program.panel.isVisible()


def test_choosing_a_page_ends_a_search(program: Program) -> None:
    program.show("desktop.theme")
    program.panel.search.setText("speed")
    item = program.panel._list.item(0)
    QTest.mouseClick(
        program.panel._list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=program.panel._list.visualItemRect(item).center(),
    )
    assert program.panel.search.text() == ""
    assert "desktop.theme" in seen(program)


def test_made_anew_the_user_is_where_they_were(program: Program) -> None:
    row = program.show("memory.recall_tokens")
    row.field.control.setFocus()
    spot = program.panel.spot
    assert spot == Spot("memory", "", "memory.recall_tokens")
    again = program.make("zh")
    again.spot = spot
    again.show()
    program.panel.close()
    again.activateWindow()
    program.until(lambda: again.spot == spot)
    assert again.focusWidget() is again.row("memory.recall_tokens").field.control
    assert again.row("memory.recall_tokens").isVisible()
    far = program.make()
    far.spot = Spot("engine", "", "deadlines.record_s")
    far.show()
    control = far.row("deadlines.record_s").field.control
    program.until(lambda: not control.visibleRegion().isEmpty())
    program.panel.search.setText("speed")
    again.spot = program.panel.spot
    assert again.search.text() == "speed"


def test_what_is_typed_and_not_yet_entered_is_not_lost_on_closing(program: Program) -> None:
    edit = program.show("persona.user_name").field.control
    QTest.keyClicks(edit, "Alex")
    program.panel.close()
    program.until(lambda: program.preferences.value("persona.user_name") == "Alex")


def test_a_panel_that_has_gone_is_told_nothing(program: Program) -> None:
    gone: list[bool] = []
    panel = program.make(owned=False)
    panel.row("tts.rate")
    panel.show()
    panel.destroyed.connect(lambda: gone.append(True))
    panel.close()
    panel.deleteLater()
    program.until(lambda: gone)
    program.preferences.change("tts.rate", "1.5", lambda error: pytest.fail(error.message))
    program.until(lambda: program.preferences.value("tts.rate") == 1.5)


def test_memories_can_be_reached(program: Program) -> None:
    program.show("memory.enabled")
    for page in ("memory", "privacy"):
        program.panel.page = page
        button = next(
            button
            for button in program.panel.pages[page].findChildren(QAbstractButton)
            if "emember" in button.text()
        )
        with program.qtbot.waitSignal(program.panel.memories_wanted):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_host_is_paired_from_here(program: Program) -> None:
    program.show("engine.host")
    QTest.mouseClick(program.panel.pair, Qt.MouseButton.LeftButton)
    dialog = program.panel.findChild(PairingDialog)
    assert dialog
    KnownHosts(program.folder, None).keep(KnownHost("10.0.0.7", 8000, "0" * 64), "token")
    dialog.paired.emit("10.0.0.7:8000")
    program.until(lambda: program.preferences.value("engine.host") == "10.0.0.7:8000")
    box = program.panel.row("engine.host").field.control
    assert isinstance(box, QComboBox)
    program.until(lambda: box.currentText() == "10.0.0.7:8000")


def test_closing_the_panel_calls_a_pairing_off(program: Program) -> None:
    program.show("engine.host")
    QTest.mouseClick(program.panel.pair, Qt.MouseButton.LeftButton)
    dialog = program.panel.findChild(PairingDialog)
    assert dialog
    with socket.create_server(("127.0.0.1", 0)) as server:
        pairing = Pairing("127.0.0.1", server.getsockname()[1], "0" * 64, "K3QW-7ZB2-MEXA-P5JT")
        dialog.line.setText(pairing_string.write(pairing))
        QTest.mouseClick(dialog.pair, Qt.MouseButton.LeftButton)
        program.panel.close()
        program.settle()
    program.until(lambda: not isValid(dialog))


def test_devices_are_those_that_are_plugged_in(
    program: Program, sound_server: SoundServer, no_worker_is_left: None
) -> None:
    program.preferences.change("audio.microphone", "Old headset", lambda error: pytest.fail(error.message))
    program.until(lambda: program.preferences.value("audio.microphone") == "Old headset")
    microphone, speaker = program.show("audio.microphone"), program.panel.row("audio.speaker")
    for row in (microphone, speaker):
        assert isinstance(row.field, ChoiceField)
        assert row.refusal == ""
        assert row.field.texts[0] == "As the system"
        assert len(row.field.texts) >= 2
        other = row.field.texts[1]
        choose(row, other)
        program.until(lambda key=row.info.key, other=other: program.preferences.value(key) == other)
        assert program.in_file(row.info.key) == other
    assert isinstance(microphone.field, ChoiceField)
    assert "Old headset (not connected)" not in microphone.field.texts, "it is not wanted any more"


def test_an_absent_device_stays_chosen(
    program: Program, sound_server: SoundServer, no_worker_is_left: None
) -> None:
    program.preferences.change("audio.microphone", "Old headset", lambda error: pytest.fail(error.message))
    program.until(lambda: program.preferences.value("audio.microphone") == "Old headset")
    box = program.show("audio.microphone").field.control
    assert isinstance(box, QComboBox)
    assert box.currentText() == "Old headset (not connected)"


def test_a_model_of_the_users_own_is_tried_first(program: Program, tmp_path: Path) -> None:
    row = program.show("avatar.model")
    assert isinstance(row.field, FileField)
    broken = tmp_path / "broken.model3.json"
    broken.write_text("{}", encoding="utf-8")
    row.field.choose(str(broken))
    assert row.note == "Trying it out …"
    program.until(lambda: row.refusal)
    assert program.preferences.value("avatar.model") == ""
    assert row.note == ""
    row.field.choose(str(built_in()))
    program.until(lambda: program.preferences.value("avatar.model") == str(built_in()))
    assert row.refusal == ""
    assert row.may_reset


# -------------------------------------------------------------------- for everybody


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_control_has_a_name_and_can_be_reached_by_keyboard(
    qtbot: QtBot, home: Path, language: str
) -> None:
    program = Program(qtbot, language)
    program.panel.show()
    for key in INFOS:
        program.panel.row(key)
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QListWidget)
    controls = [control for kind in kinds for control in program.panel.findChildren(kind)]
    outer = [control for control in controls if not inside_of_another(control)]
    assert len(outer) > len(INFOS)
    nameless = [control for control in outer if not (control.accessibleName() or text_of(control))]
    assert nameless == []
    buddies = {label.buddy() for label in program.panel.findChildren(QLabel)}
    for key in INFOS:
        control = program.panel.row(key).field.control
        assert control in buddies
        assert control.accessibleName()
        assert control.accessibleDescription()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert {page.name for page in PAGES} == set(program.panel.pages)
    program.settle()
    program.end()


def inside_of_another(control: QWidget) -> bool:
    """Parts that Qt itself makes: the line of a number, the button that clears a line."""
    parent: QObject | None = control.parent()
    return isinstance(parent, QAbstractSpinBox | QComboBox | QLineEdit)


def test_the_tab_key_goes_from_top_to_bottom(program: Program) -> None:
    last = program.show("deadlines.record_s").field.control
    program.until(lambda: not program.panel._growing.isActive())
    met: list[QWidget] = []
    control: QWidget | None = program.panel._list
    while control and control not in met:
        met.append(control)
        control.setFocus()
        QTest.keyClick(control, Qt.Key.Key_Tab)
        control = QApplication.focusWidget()
    places = [each.mapToGlobal(QPoint()).y() for each in met[2:]]
    assert met[:2] == [program.panel._list, program.panel.search]
    assert last in met
    assert len(met) > 15
    assert [here for here, there in pairwise(places) if there < here - 20] == []


def text_of(control: QWidget) -> str:
    return control.text() if isinstance(control, QAbstractButton) else ""
