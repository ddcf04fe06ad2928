"""Settings as the windows have them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.preferences import Preferences
from engine import config
from engine.errors import CompanionError, ConfigFault


@pytest.fixture
def preferences(qtbot: QtBot) -> Iterator[Preferences]:
    preferences = Preferences(os.environ)
    yield preferences
    preferences.close()


def fail(error: CompanionError) -> None:
    raise AssertionError(error.message)


def test_a_change_is_in_the_file_and_told(qtbot: QtBot, preferences: Preferences) -> None:
    assert preferences.value("tts.rate") == 1.0
    with qtbot.waitSignal(preferences.changed) as told:
        preferences.change("tts.rate", "1.25", fail)
    assert told.args == [frozenset({"tts.rate"})]
    assert preferences.value("tts.rate") == preferences.settings.tts.rate == 1.25
    assert config.load({}, config.config_path(os.environ)).tts.rate == 1.25


def test_many_changes_keep_their_order(qtbot: QtBot, preferences: Preferences) -> None:
    for number in range(20):
        preferences.change("persona.user_name", f"name {number}", fail)
    qtbot.waitUntil(lambda: preferences.value("persona.user_name") == "name 19")
    assert config.load({}, config.config_path(os.environ)).persona.user_name == "name 19"


def test_what_cannot_be_is_refused_and_changes_nothing(qtbot: QtBot, preferences: Preferences) -> None:
    faults: list[str] = []
    told: list[object] = []
    preferences.changed.connect(told.append)
    preferences.change("tts.rate", "nine", lambda error: faults.append(error.code))
    preferences.change("tts.rate", "1", fail)  # as it was: there is nothing to tell
    qtbot.waitUntil(lambda: faults == ["bad-setting"])
    preferences.close()
    assert told == []
    assert preferences.value("tts.rate") == 1.0


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("COMPANION_TTS_RATE", "1.5")
    preferences = Preferences(os.environ)
    assert preferences.fixed_by("tts.rate") == "COMPANION_TTS_RATE"
    assert preferences.fixed_by("tts.volume") == ""
    preferences.close()


def test_a_file_that_is_wrong_is_said_so(qtbot: QtBot) -> None:
    path = config.config_path(os.environ)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(ConfigFault, match="not valid TOML"):
        Preferences(os.environ)
