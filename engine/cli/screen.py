"""What the terminal shows of a conversation."""

from __future__ import annotations

from rich.console import Console

from engine.cli.lines import Lines
from engine.conversation.language import Language
from engine.messages import (
    Emotion,
    ErrorEvent,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ReplySegment,
    ReplyStart,
    Result,
    ServerMessage,
    StageStatus,
    State,
    TranscriptEvent,
)
from engine.notices import notice

STYLES: dict[Emotion, str] = {
    "happy": "yellow",
    "angry": "red",
    "sad": "blue",
    "surprised": "magenta",
    "coquettish": "bright_magenta",
    "calm": "green",
}


class Screen:
    """Writes each message as it comes; replies clause by clause, in the colour of their feeling."""

    def __init__(
        self,
        console: Console,
        name: str,
        language: Language,
        *,
        voice: bool = False,
        timed: bool = True,
        prompted: bool = False,
    ) -> None:
        """`name`: the companion's. `voice`: show what was heard (typed words stand on the screen already).
        `timed`: show how long the first sound took. `prompted`: show when the user may type."""
        self.turns_heard = 0
        """Turns that had words."""
        self._lines = Lines(console, prompted=prompted)
        self._name = name
        self._language: Language = language
        self._voice = voice
        self._timed = timed
        self._resting = True
        self._emotion: Emotion | None = None

    def show(self, message: ServerMessage) -> None:
        """Writes what a person wants to see of `message`."""
        match message:
            case State():
                self._resting = message.state == "idle"
            case ReplyStart():
                self._emotion = None
                self._lines.flow(f"{self._name} ", "bold")
            case ReplySegment():
                self._segment(message)
            case ReplyDone():
                self._lines.end(self._latency(message.trace) if self._timed else "", "dim")
            case ReplyCancelled():
                self._lines.end(self._words("terminal-interrupted"), "dim")
            case TranscriptEvent(final=True):
                self.turns_heard += 1
                if self._voice:
                    self._lines.line(self._words("terminal-heard", text=message.text), "cyan")
            case Notice():
                self._lines.line(f"· {message.message}", "dim")
            case ErrorEvent():
                self._lines.line(f"! {message.message} ({message.code})", "red")
            case Result():
                self._result(message)
            case StageStatus(state="failed" | "fallback") if message.stage != "memory":  # has a notice
                text = f"! {message.stage}: {message.backend} {message.state}. {message.message}"
                self._lines.line(text, "red")
            case _:
                return
        if self._resting and isinstance(message, State | Result | Notice | ErrorEvent):
            self._lines.prompt()

    def say(self, code: str, style: str = "dim", **values: object) -> None:
        """Writes a sentence of the terminal's own, `code` of notices.toml."""
        self._lines.line(self._words(code, **values), style)

    def ask(self) -> None:
        """Shows that the user may type."""
        self._lines.prompt()

    def entered(self) -> None:
        """The user has typed a line: it stands on the screen."""
        self._lines.entered()

    def leave(self) -> None:
        """Leaves the cursor at the start of a line."""
        self._lines.leave()

    def _words(self, code: str, **values: object) -> str:
        return notice(code, self._language, **values).message

    def _segment(self, segment: ReplySegment) -> None:
        style = STYLES[segment.emotion]
        text = segment.text
        if segment.emotion != self._emotion:
            before = " " if self._emotion else ""
            self._emotion = segment.emotion
            self._lines.flow(f"{before}[{segment.emotion}] ", f"dim {style}")
            text = text.lstrip()
        self._lines.flow(text, style)

    def _result(self, result: Result) -> None:
        if result.value is None:
            self.say("terminal-forgotten")
        elif not result.value:
            self.say("terminal-no-memories")
        else:
            for memory in result.value:
                former = self._words("terminal-until", day=memory["until"][:10]) if memory["until"] else ""
                self._lines.line(f"· {memory['id']}: {memory['text']}{former}", "dim")

    def _latency(self, trace: dict[str, float]) -> str:
        """How long the user waited for the first sound."""
        if "first_sample_out" not in trace:
            return self._words("terminal-no-sound")
        return self._words("terminal-first-sound", ms=round(trace["first_sample_out"]))
