"""Which news of the engine are shown to the user, and in which words. Pure."""

from __future__ import annotations

from typing import Literal, NamedTuple

from app.i18n import Words
from app.status import Status
from app.talk import DeviceNews
from engine.errors import CompanionError, ConfigFault, PeerFault
from engine.messages import ErrorEvent, Notice, ServerMessage, StageStatus
from engine.notices import sentence

Kind = Literal["notice", "error"]


STAGES = 5
"""That an engine loads: vad, asr, llm, tts, embedding."""


class Announcement(NamedTuple):
    kind: Kind
    text: str


def announcement(news: ServerMessage | DeviceNews, words: Words) -> Announcement | None:
    """What to tell the user of `news`; None: nothing. Failed requests are for who asked, and that there is
    no memory comes as a notice."""
    match news:
        case Notice():
            return Announcement("notice", news.message)
        case ErrorEvent(id=None):
            return why(CompanionError(news.code, news.message), words)
        case DeviceNews(error=error) if error:
            return why(error, words)
        case StageStatus(state="failed" | "fallback") if news.message and news.stage != "memory":
            stage, code = words(f"application.{news.stage}"), f"application.stage-{news.state}"
            return Announcement("error", words(code, stage=stage, reason=news.message))
        case _:
            return None


def why(error: CompanionError, words: Words) -> Announcement:
    """What to tell the user of `error`."""
    return Announcement("error", sentence(error, words.language))


def why_lost(error: CompanionError, words: Words) -> Announcement:
    """That there is no engine, and whether it is tried again (see app.connection)."""
    code = "lost-for-good" if isinstance(error, ConfigFault | PeerFault) else "lost"
    return Announcement("error", words(f"application.{code}", reason=sentence(error, words.language)))


def start_up(status: Status, words: Words) -> tuple[str, float] | None:
    """What the start-up waits for, and how much of it is done, 0..1; None when the engine does not start."""
    if status.link != "starting":
        return None
    stages = status.stages.values()
    loading = [words(f"application.{stage.stage}") for stage in stages if stage.state == "loading"]
    done = sum(1.0 if stage.state != "loading" else stage.progress for stage in stages)
    text = words("application.waking", stages=words("application.and").join(loading)) if loading else ""
    return text or words("application.waking-up"), done / STAGES
