"""The settings, as one finds one's way in them: pages, search, keyboard, and what is opened from there."""

from __future__ import annotations

import socket
from itertools import pairwise
from pathlib import Path

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

from app.body import built_in
from app.panels.fields.choice import ChoiceField
from app.panels.fields.file import FileField
from app.panels.pairing_dialog import PairingDialog
from app.panels.setting_pages import PAGES
from app.panels.settings import Spot
from engine import config
from engine.client import pairing_string
from engine.client.known_hosts import KnownHost, KnownHosts
from engine.client.pairing_string import Pairing
from tests.support.settings_program import Program, choose
from tests.support.sound_server import SoundServer

INFOS = {info.key: info for info in config.describe()}


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
