"""What the speech bubble shows at a moment. Pure: the time, in seconds, comes in as an argument.

Theory of operation. Her words stay on the board from the first one heard until a while after the last; only a
new reply wipes them earlier. A segment is there as a whole, with how far it was heard, so that no line moves
while she speaks. What else is to be read (notices, what was understood) has an end of its own.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from app.heard import Moment
from engine.messages import Emotion

MOST_SEGMENTS = 3
"""Of a reply, shown at once."""
MOST_NOTES = 3
"""Shown at once; the oldest gives way."""
LINGER_S = 4.0
"""How long her words stay after the last one."""
FADE_S = 0.5
"""In which anything vanishes."""
NOTICE_S = 6.0
"""How long a short notice stays."""
CHARACTERS_PER_S = 15
"""Reading pace, for longer ones."""
LONGEST_NOTICE_S = 15.0
SAID_S = 5.0
"""How long it stays what was understood of the user."""

NoticeKind = Literal["notice", "error"]


class Block(NamedTuple):
    """One paragraph."""

    kind: Literal["said", "speech", "notice", "error", "progress"]
    text: str
    heard: int
    """Code points of `text` that are to be seen."""
    emotion: Emotion = "calm"
    opacity: float = 1.0
    part: float | None = None
    """How much of the start-up is done, 0..1; None: not known."""


class _Segment(NamedTuple):
    number: int
    text: str
    heard: int
    emotion: Emotion


class _Note(NamedTuple):
    kind: Literal["said", "notice", "error"]
    text: str
    until_s: float


class Content:
    """Knows what is to be shown, and until when."""

    def __init__(self) -> None:
        self._stream = 0
        self._segments: list[_Segment] = []
        self._silent_since: float | None = None
        self._notes: list[_Note] = []
        self._progress: tuple[str, float | None] | None = None

    def hear(self, moment: Moment, now: float) -> None:
        """What is heard at `now`."""
        subtitle = moment.subtitle
        if subtitle is None:
            self._silent_since = now if self._silent_since is None else self._silent_since
            return
        if moment.position.stream != self._stream:
            self._stream = moment.position.stream
            self._segments = []
        self._segments = [
            *(
                each._replace(heard=len(each.text))
                for each in self._segments
                if each.number < subtitle.segment
            ),
            _Segment(subtitle.segment, subtitle.text, subtitle.heard, subtitle.emotion),
        ][-MOST_SEGMENTS:]
        if not moment.position.ended:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = now

    def add(self, kind: Literal["said", "notice", "error"], text: str, now: float) -> None:
        """Shows a note for as long as it takes to read. The same text again is shown once, for longer."""
        stay_s = SAID_S if kind == "said" else NOTICE_S
        stay_s = min(LONGEST_NOTICE_S, max(stay_s, 2 + len(text) / CHARACTERS_PER_S))
        others = [
            note
            for note in self._notes
            if note.until_s > now and note.text != text and not (note.kind == kind == "said")
        ]
        self._notes = [*others, _Note(kind, text, now + stay_s)][-MOST_NOTES:]

    def progress(self, text: str, part: float | None) -> None:
        """Shows how far the start-up is; an empty text ends it."""
        self._progress = (text, part) if text else None

    def forget_speech(self) -> None:
        """Wipes her words."""
        self._segments = []

    def at(self, now: float) -> tuple[Block, ...]:
        """From top to bottom; empty when there is nothing to show."""
        self._notes = [note for note in self._notes if note.until_s > now]
        blocks = [
            Block(note.kind, note.text, len(note.text), opacity=min(1.0, (note.until_s - now) / FADE_S))
            for note in sorted(self._notes, key=lambda note: note.kind == "said", reverse=True)
        ]
        speech = self._speech(now)
        said = sum(block.kind == "said" for block in blocks)
        blocks[said:said] = speech
        if self._progress:
            text, part = self._progress
            blocks.append(Block("progress", text, len(text), part=part))
        return tuple(blocks)

    def _speech(self, now: float) -> list[Block]:
        opacity = 1.0
        if self._silent_since is not None:
            opacity = min(1.0, (self._silent_since + LINGER_S + FADE_S - now) / FADE_S)
        if opacity <= 0:
            self._segments = []
        return [
            Block("speech", each.text.strip(), _seen(each), each.emotion, opacity)
            for each in self._segments
            if each.text.strip()
        ]


def _seen(segment: _Segment) -> int:
    """How much of the stripped text was heard."""
    text = segment.text
    before = len(text) - len(text.lstrip())
    return max(0, min(segment.heard - before, len(text.strip())))
