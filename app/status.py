"""What the companion is doing and how her engine fares, from the messages that come. Pure."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from app.talk import DeviceKind, DeviceNews
from engine.client.opening import Place
from engine.errors import CompanionError
from engine.messages import Notice, ReplyDone, ServerMessage, StageName, StageStatus, State, Welcome

Link = Literal["off", "starting", "ready", "lost"]
"""off: nobody wants an engine; lost: there is none, and it is tried again."""
Activity = Literal["idle", "listening", "thinking", "speaking"]
Mood = Literal["idle", "listening", "thinking", "speaking", "starting", "error"]
"""What the tray's icon shows."""


STAGES: tuple[StageName, ...] = get_args(StageName)


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One moment. Changes make another one."""

    link: Link = "off"
    place: Place = "local"
    activity: Activity = "idle"
    stages: dict[StageName, StageStatus] = {}
    """As far as the engine has told."""
    hands_free: bool = False
    muted: bool = False
    paused: bool = False
    """Nothing new is remembered."""
    error: CompanionError | None = None
    """Why there is no engine."""
    devices: dict[DeviceKind, DeviceNews] = {}
    """As far as they were wanted yet."""
    trace: dict[str, float] = {}
    """Milestones of the last turn in ms from the end of the user's speech."""

    @property
    def mood(self) -> Mood:
        match self.link:
            case "starting":
                return "starting"
            case "lost":
                return "error"
            case _:
                return self.activity

    def failed(self, stage: StageName) -> bool:
        """Whether the engine does without this stage."""
        return stage in self.stages and self.stages[stage].state == "failed"

    def starting(self, place: Place) -> Status:
        """An engine is opened. It knows nothing of what the one before did."""
        return Status(
            link="starting",
            place=place,
            muted=self.muted,
            paused=self.paused,
            devices=self.devices,
            trace=self.trace,
        )

    def opened(self, welcome: Welcome) -> Status:
        """A host that was running already tells only now which stages it has."""
        named = {
            stage: StageStatus(stage=stage, backend=welcome.stages[stage], state="ready")
            for stage in STAGES
            if stage in welcome.stages
        }
        return msgspec.structs.replace(self, link="ready", stages=named | self.stages, error=None)

    def lost(self, error: CompanionError | None) -> Status:
        """There is no engine; None: as asked."""
        link: Link = "lost" if error else "off"
        return msgspec.structs.replace(self, link=link, activity="idle", hands_free=False, error=error)

    def with_muted(self, on: bool) -> Status:
        """She speaks without a sound, or is heard."""
        return msgspec.structs.replace(self, muted=on)

    def with_paused(self, on: bool) -> Status:
        """Nothing new is remembered, or is again."""
        return msgspec.structs.replace(self, paused=on)

    def with_hands_free(self, on: bool) -> Status:
        """The microphone listens all the time, or no more."""
        return msgspec.structs.replace(self, hands_free=on)

    def with_device(self, news: DeviceNews) -> Status:
        """A sound device is in use, or there is none."""
        return msgspec.structs.replace(self, devices={**self.devices, news.kind: news})

    def told(self, message: ServerMessage) -> Status:
        """What a message of the engine changes."""
        match message:
            case StageStatus():
                return msgspec.structs.replace(self, stages={**self.stages, message.stage: message})
            case State():
                return msgspec.structs.replace(self, activity=message.state)
            case ReplyDone() if message.trace:
                return msgspec.structs.replace(self, trace=message.trace)
            case Notice(code="connection-lost"):
                return msgspec.structs.replace(self, link="lost", activity="idle")
            case Notice(code="connection-back" | "connection-new-session"):
                return msgspec.structs.replace(self, link="ready")
            case _:
                return self
