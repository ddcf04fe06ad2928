"""Which news are told, and how."""

from __future__ import annotations

import pytest

from app.announcing import Announcement, announcement, start_up, why_lost
from app.i18n import Words
from app.status import Status
from app.talk import DeviceNews
from engine.errors import CompanionError, ConfigFault, EnvironmentFault, PeerFault
from engine.messages import ErrorEvent, Notice, ServerMessage, StageStatus, State

EN = Words("en")
NO_MICROPHONE = EnvironmentFault("no-microphone", "There is no microphone.")


@pytest.mark.parametrize(
    ("news", "told"),
    [
        (Notice(code="did-not-catch", message="Say it again."), Announcement("notice", "Say it again.")),
        (ErrorEvent(code="x", message="It broke."), Announcement("error", "It broke.")),
        (ErrorEvent(code="x", message="For who asked.", id="window-1"), None),
        (DeviceNews("microphone", "", NO_MICROPHONE), Announcement("error", "There is no microphone.")),
        (DeviceNews("microphone", "Headset", None), None),
        (State(state="thinking"), None),
        (StageStatus(stage="llm", backend="openai", state="loading"), None),
        (
            StageStatus(stage="llm", backend="patterns", state="fallback", message="No server."),
            Announcement("error", "I make do with a simpler mind: No server."),
        ),
        (
            StageStatus(stage="tts", backend="espeak", state="failed", message="No voice."),
            Announcement("error", "I have to do without my voice: No voice."),
        ),
        (StageStatus(stage="memory", backend="sqlite", state="failed", message="It is full."), None),
    ],
)
def test_what_is_told(news: ServerMessage | DeviceNews, told: Announcement | None) -> None:
    assert announcement(news, EN) == told


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (EnvironmentFault("gone", "It is gone."), True),
        (ConfigFault("bad", "It is bad."), False),
        (PeerFault("unknown-host", "Nobody."), False),
    ],
)
def test_a_lost_engine_is_tried_again_where_that_helps(error: CompanionError, again: bool) -> None:
    assert ("try again by myself" in why_lost(error, EN).text) == again


def test_how_far_the_start_is() -> None:
    stages = {
        "vad": StageStatus(stage="vad", backend="silero", state="ready"),
        "tts": StageStatus(stage="tts", backend="espeak", state="loading", progress=0.5),
    }
    assert start_up(Status(link="starting", stages=stages), EN) == ("Waking up: voice ...", 0.3)
    assert start_up(Status(link="starting"), EN) == ("Waking up ...", 0.0)
    assert start_up(Status(link="ready", stages=stages), EN) is None
