"""What the tray and the menus say of a moment."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.actions import Actions, menu
from app.i18n import Words
from app.icons import picture
from app.status import Status
from app.tray import Tray, told
from engine.errors import EnvironmentFault
from engine.messages import StageStatus

READY = Status(link="ready", place="child", activity="speaking", hands_free=True, muted=True)


def test_start_up_is_told_by_stage() -> None:
    voice = StageStatus(stage="tts", backend="espeak", state="loading")
    memory = StageStatus(stage="memory", backend="chroma", state="loading")
    status = Status(link="starting", stages={"memory": memory, "tts": voice})
    assert "Waking up: memory, voice" in told(status, Words("en"))
    assert "正在醒来：记忆、声音" in told(status, Words("zh"))


def test_a_lost_engine_is_an_error() -> None:
    status = READY.lost(EnvironmentFault("gone", "It is gone."))
    assert "Cannot be reached" in told(status, Words("en"))


def test_showing_marks_and_triggers_nothing(qtbot: QtBot) -> None:
    actions = Actions(Words("en"))
    triggered: list[bool] = []
    for action in (actions.talk, actions.hands_free, actions.mute, actions.avatar):
        action.triggered.connect(lambda on: triggered.append(on))
    actions.show(READY, talking=True, avatar=False)
    assert triggered == []
    assert actions.talk.text() == "&Send what I said"
    assert actions.talk.isChecked()
    assert actions.hands_free.isChecked()
    assert actions.mute.isChecked()
    assert not actions.avatar.isChecked()
    assert actions.interrupt.isEnabled()
    checked = actions.places.checkedAction()
    assert checked is not None
    assert checked.data() == "child"


def test_a_mark_waits_for_what_becomes_of_the_choice(qtbot: QtBot) -> None:
    actions = Actions(Words("en"))
    actions.show(READY, talking=False, avatar=True)
    asked: list[bool] = []
    actions.mute.triggered.connect(lambda on: asked.append(on))
    actions.mute.trigger()
    assert asked == [False]
    assert actions.mute.isChecked()
    actions.places.actions()[2].trigger()
    checked = actions.places.checkedAction()
    assert checked is not None
    assert checked.data() == "child"


def test_the_language_changes(qtbot: QtBot) -> None:
    actions = Actions(Words("en"))
    made = menu(actions)
    actions.retranslate(Words("zh"))
    assert [action.text() for action in made.actions() if "静音" in action.text()]
    assert actions.places_menu.title().startswith("她在哪里思考")


def test_each_mood_has_a_picture_of_its_own(qtbot: QtBot) -> None:
    moods = ("idle", "listening", "thinking", "speaking", "starting", "error")
    for pixels in (16, 64):
        assert len({bytes(picture(pixels, mood).constBits()) for mood in moods}) == len(moods)


def test_a_tray_shows_what_it_is_told(qtbot: QtBot) -> None:
    tray = Tray(menu(Actions(Words("en"))), Words("en"))
    tray.show(READY)
    tray.close()
