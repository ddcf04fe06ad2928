"""What the messages of an engine say about it."""

from __future__ import annotations

from app.status import Status
from engine.errors import EnvironmentFault
from engine.messages import Notice, ReplyDone, ServerMessage, StageStatus, State, Welcome

GONE = EnvironmentFault("engine-lost", "The engine is gone.")


def after(status: Status, *messages: ServerMessage) -> Status:
    for message in messages:
        status = status.told(message)
    return status


def test_an_engine_wakes_stage_by_stage() -> None:
    loading = StageStatus(stage="tts", backend="espeak", state="loading", progress=0.5)
    status = after(Status().starting("child"), loading)
    assert (status.link, status.place, status.mood) == ("starting", "child", "starting")
    assert status.stages == {"tts": loading}
    status = status.opened(Welcome(session="s", stages={"tts": "espeak", "llm": "patterns", "new": "x"}))
    assert (status.link, status.mood) == ("ready", "idle")
    assert status.stages["tts"] == loading, "what the engine said itself is more exact"
    assert status.stages["llm"] == StageStatus(stage="llm", backend="patterns", state="ready")
    assert set(status.stages) == {"tts", "llm"}


def test_the_mood_is_what_she_does() -> None:
    status = Status().starting("local").opened(Welcome(session="s"))
    for state in ("listening", "thinking", "speaking", "idle"):
        status = status.told(State(state=state))
        assert status.mood == status.activity == state


def test_a_lost_engine_leaves_her_idle_and_deaf() -> None:
    ready = Status().starting("local").opened(Welcome(session="s")).with_hands_free(True).with_muted(True)
    lost = after(ready, State(state="speaking")).lost(GONE)
    assert (lost.link, lost.mood, lost.activity, lost.hands_free) == ("lost", "error", "idle", False)
    assert lost.error is GONE
    assert lost.muted, "that is the user's choice"
    assert ready.lost(None).link == "off"
    assert lost.starting("child").error is None


def test_a_connection_that_is_mended_was_lost_meanwhile() -> None:
    ready = Status().starting("remote").opened(Welcome(session="s"))
    lost = after(ready, State(state="thinking"), Notice(code="connection-lost", message=""))
    assert (lost.link, lost.activity) == ("lost", "idle")
    for code in ("connection-back", "connection-new-session"):
        assert after(lost, Notice(code=code, message="")).link == "ready"


def test_the_last_trace_is_kept() -> None:
    done = ReplyDone(stream=1, turn=1, trace={"speech_end": 0.0, "done": 9.0})
    status = after(Status(), done, ReplyDone(stream=2, turn=2))
    assert status.trace == {"speech_end": 0.0, "done": 9.0}
