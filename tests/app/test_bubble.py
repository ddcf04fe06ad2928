"""The speech bubble's window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from app.bubble import Bubble
from app.bubble_content import FADE_S, LINGER_S, NOTICE_S
from app.devices.play_queue import Position
from app.heard import SILENCE, Moment
from app.i18n import Words
from app.theme import LIGHT
from engine.conversation.playout import Subtitle
from engine.messages import Emotion

AVATAR = QRect(500, 300, 420, 546)


class Stage:
    """A bubble, and the moment and the time it asks for."""

    def __init__(self) -> None:
        self.moment = SILENCE
        self.now = 100.0
        self.asked = 0
        self.bubble = Bubble(Words("en"), LIGHT, self.heard, lambda: self.now)
        self.bubble.beside(AVATAR)

    def heard(self) -> Moment:
        self.asked += 1
        return self.moment

    def speak(self, text: str, heard: int, emotion: Emotion = "happy", segment: int = 0) -> None:
        self.moment = Moment(Position(1, 1, False), Subtitle(segment, text, heard, emotion), None)

    def said(self) -> str:
        return self.bubble.accessibleDescription()


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.bubble.dispose()
    stage.bubble.close()


def coloured(image: QImage, colour: str) -> int:
    """How many pixels have nearly this colour."""
    wanted = QColor(colour)

    def near(x: int, y: int) -> bool:
        seen = image.pixelColor(x, y)
        red, green = abs(seen.red() - wanted.red()), abs(seen.green() - wanted.green())
        return max(red, green, abs(seen.blue() - wanted.blue())) < 50

    return sum(near(x, y) for y in range(image.height()) for x in range(image.width()))


def test_nobody_can_click_it_or_give_it_the_keyboard(stage: Stage) -> None:
    flags = stage.bubble.windowFlags()
    for flag in (
        Qt.WindowType.FramelessWindowHint,
        Qt.WindowType.WindowStaysOnTopHint,
        Qt.WindowType.WindowTransparentForInput,
        Qt.WindowType.WindowDoesNotAcceptFocus,
        Qt.WindowType.Tool,
    ):
        assert flags & flag
    assert stage.bubble.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert stage.bubble.accessibleName() == "What she says"


def test_it_looks_only_while_there_is_something_to_show(qtbot: QtBot, stage: Stage) -> None:
    assert not stage.bubble.isVisible()
    stage.bubble.attend("thinking")
    assert not stage.bubble._timer.isActive()
    stage.bubble.attend("speaking")
    asked = stage.asked
    qtbot.waitUntil(lambda: stage.asked > asked + 3)
    stage.speak("Hello there.", 5)
    qtbot.waitUntil(stage.bubble.isVisible)
    stage.moment = SILENCE
    stage.bubble.attend("idle")
    assert stage.bubble._timer.isActive()
    stage.now += LINGER_S + FADE_S
    qtbot.waitUntil(lambda: not stage.bubble.isVisible())
    assert not stage.bubble._timer.isActive()


def test_words_take_the_colour_of_the_feeling_as_they_are_heard(stage: Stage) -> None:
    stage.speak("Mmmm mmmm mmmm mmmm.", 5, "angry")
    stage.bubble.attend("speaking")
    before, size = coloured(stage.bubble.grab().toImage(), LIGHT.emotions["angry"]), stage.bubble.size()
    assert before > 0
    stage.speak("Mmmm mmmm mmmm mmmm.", 20, "angry")
    stage.bubble.attend("speaking")
    assert coloured(stage.bubble.grab().toImage(), LIGHT.emotions["angry"]) > 2 * before
    assert stage.bubble.size() == size, "nothing jumps while she speaks"


def test_it_goes_where_she_goes_and_stays_on_the_screen(stage: Stage) -> None:
    stage.bubble.notify("Remembering is paused.")
    screen = QGuiApplication.primaryScreen().availableGeometry()
    seen = set()
    for x in range(-400, 1400, 150):
        stage.bubble.beside(AVATAR.translated(x, -x))
        assert screen.contains(stage.bubble.geometry())
        seen.add(stage.bubble.geometry().topLeft().toTuple())
    assert len(seen) > 5


def test_notices_are_shown_without_subtitles(qtbot: QtBot, stage: Stage) -> None:
    stage.bubble.show_subtitles = False
    stage.speak("Hello there.", 5)
    stage.bubble.attend("speaking")
    assert not stage.bubble.isVisible()
    stage.bubble.notify("The microphone is gone.", "error")
    stage.bubble.user_said("what time is it")
    assert stage.said() == "You: what time is it\nThe microphone is gone."
    stage.bubble.show_subtitles = True
    assert "Hello there." in stage.said()
    stage.bubble.show_subtitles = False
    assert "Hello there." not in stage.said()
    stage.bubble.attend("idle")
    stage.now += NOTICE_S
    qtbot.waitUntil(lambda: not stage.bubble.isVisible())


def test_the_start_up_is_shown_until_it_is_over(stage: Stage) -> None:
    stage.bubble.progress("Waking up: voice", 0.5)
    half = coloured(stage.bubble.grab().toImage(), LIGHT.accent)
    stage.bubble.progress("Waking up: voice", 1.0)
    assert coloured(stage.bubble.grab().toImage(), LIGHT.accent) > 1.5 * half > 0
    stage.bubble.progress("Waking up: mind")
    assert stage.bubble.isVisible()
    assert stage.bubble._timer.isActive(), "the bar moves"
    stage.bubble.progress("")
    assert not stage.bubble.isVisible()


def test_it_is_cut_out_where_windows_are_not_blended(stage: Stage) -> None:
    stage.bubble.notify("The microphone is gone.")
    mask = stage.bubble.mask()
    if stage.bubble._system.blends():
        assert mask.isEmpty()
        return
    box = stage.bubble.rect()
    assert mask.contains(box.center())
    assert not mask.contains(box.topLeft())
    assert not mask.contains(box.topRight())
