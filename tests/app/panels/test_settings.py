"""The settings, with a real config file: what is changed in the panel is in the file, and in force."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QLineEdit,
)
from pytestqt.qtbot import QtBot

from engine import config
from engine.client.known_hosts import KnownHost, KnownHosts
from tests.support.settings_program import Program, change

INFOS = {info.key: info for info in config.describe()}
DEVICES = ("audio.microphone", "audio.speaker")
"""Chosen in a test with a sound server."""
ELSEWHERE = ("avatar.model",)
"""Changed in a test of its own: it is tried out."""


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
