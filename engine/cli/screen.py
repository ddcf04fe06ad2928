"""What the terminal shows of a conversation."""

from __future__ import annotations

from typing import Any

from rich.console import Console

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
    TranscriptEvent,
)

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

    def __init__(self, console: Console, name: str, *, voice: bool = False, timed: bool = True) -> None:
        """`name`: the companion's. `voice`: show what was heard (typed words stand on the screen already).
        `timed`: show how long the first sound took."""
        self.turns_heard = 0
        """Turns that had words."""
        self._console = console
        self._name = name
        self._voice = voice
        self._timed = timed
        self._emotion: Emotion | None = None

    def show(self, message: ServerMessage) -> None:
        """Writes what a person wants to see of `message`."""
        match message:
            case ReplyStart():
                self._emotion = None
                self._write(f"{self._name} ", "bold")
            case ReplySegment():
                self._segment(message)
            case ReplyDone():
                self._end(_latency(message.trace) if self._timed else "")
            case ReplyCancelled():
                self._end("interrupted")
            case TranscriptEvent(final=True):
                self.turns_heard += 1
                if self._voice:
                    self._line(f"You: {message.text}", "cyan")
            case Notice():
                self._line(f"· {message.message}", "dim")
            case ErrorEvent():
                self._line(f"! {message.message} ({message.code})", "red")
            case Result():
                self._result(message.value)
            case StageStatus(state="failed" | "fallback"):
                self._line(f"! {message.stage}: {message.backend} {message.state}. {message.message}", "red")
            case _:
                pass

    def _segment(self, segment: ReplySegment) -> None:
        style = STYLES[segment.emotion]
        text = segment.text
        if segment.emotion != self._emotion:
            before = " " if self._emotion else ""
            self._emotion = segment.emotion
            self._write(f"{before}[{segment.emotion}] ", f"dim {style}")
            text = text.lstrip()
        self._write(text, style)

    def _result(self, memories: Any) -> None:
        if not memories:
            self._line("· Nothing there (any more).", "dim")
            return
        for memory in memories:
            self._line(f"· {memory['id']}: {memory['text']}", "dim")

    def _end(self, remark: str) -> None:
        self._write(f"  ({remark})\n" if remark else "\n", "dim")

    def _line(self, text: str, style: str) -> None:
        self._write(text + "\n", style)

    def _write(self, text: str, style: str) -> None:
        self._console.print(text, style=style, end="", markup=False, highlight=False, soft_wrap=True)


def _latency(trace: dict[str, float]) -> str:
    """How long the user waited for the first sound."""
    if "first_sample_out" not in trace:
        return "no sound"
    return f"first sound after {trace['first_sample_out']:.0f} ms"
