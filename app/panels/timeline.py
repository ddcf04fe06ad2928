"""The conversation as rows from old to new: what the record holds, and what happens now. Pure.

Theory of operation. Every change is told as an `Edit`, which a list model of Qt can follow row by row. Rows
come in at the top (older pages of the record) and at the bottom (what happens), so a living row is remembered
by its number, which does not change when older rows come in. The engine counts turns from one in each
session, the record does not; so live rows do not know their id in the record, and when the record is read
anew they are recognised by their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from engine.messages import (
    Emotion,
    ErrorEvent,
    Notice,
    ReplyCancelled,
    ReplyDone,
    ReplySegment,
    ReplyStart,
    ReplyText,
    ServerMessage,
    TranscriptEvent,
    TurnEvent,
)

RowState = Literal["done", "sending", "open", "cut", "unanswered"]
"""sending: not yet taken by the engine; open: still growing; cut: ended early, and only what was heard is
there."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said or told."""

    kind: Literal["user", "reply", "notice", "error"]
    text: str
    at: datetime
    """With a time zone."""
    state: RowState = "done"
    emotion: Emotion | None = None
    """Of a reply."""
    record: int = 0
    """The turn's id in the record; 0: not known."""


class Edit(NamedTuple):
    """`removed` rows from `start` on give way to `added`."""

    start: int
    removed: int
    added: tuple[Row, ...]


class Timeline:
    """All rows so far. Times are given."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.oldest: int | None = None
        """The id of the oldest turn of the record that is here; None: none is."""
        self._above = 0
        """Rows above number 0."""
        self._users: dict[int, int] = {}
        """Turn of this session -> number of the row."""
        self._replies: dict[int, int] = {}
        """Stream -> number of the row."""
        self._sending: list[int] = []

    @property
    def end(self) -> int:
        """The number the next row at the bottom will have."""
        return len(self.rows) - self._above

    # ------------------------------------------------------------ what happens now

    def say(self, text: str, at: datetime) -> list[Edit]:
        """The user has typed a turn."""
        self._sending.append(self.end)
        return [self._append(Row(kind="user", text=text, at=at, state="sending"))]

    def told(self, message: ServerMessage, at: datetime) -> list[Edit]:
        """What a message of the engine changes."""
        match message:
            case TranscriptEvent():
                return self._understood(message, at)
            case TurnEvent(state="dropped") if message.turn in self._users:
                return [self._change(self._users[message.turn], state="unanswered")]
            case ReplyStart():
                edits = self._cut()  # one reply at a time, whatever an engine forgot to say
                self._replies[message.stream] = self.end
                return [*edits, self._append(Row(kind="reply", text="", at=at, state="open"))]
            case ReplyText() | ReplySegment() | ReplyDone() | ReplyCancelled():
                number = self._replies.get(message.stream)
                return [] if number is None else self._replied(message, number)
            case ErrorEvent():
                return self._failed(message, at)
            case Notice():
                return self._note("notice", message.message, at)
            case _:
                return []

    def knows(self, stream: int) -> bool:
        """Whether that reply is under way here."""
        return stream in self._replies

    def lost(self) -> list[Edit]:
        """The engine is gone, or knows nothing of what went before: what was under way has ended."""
        self._users.clear()
        return self._cut()

    def give_back(self) -> tuple[list[Edit], list[str]]:
        """Removes the typed turns that the engine has not taken; returns their words."""
        edits, texts = [], []
        for number in reversed(self._sending):
            index = number + self._above
            edits.append(Edit(index, 1, ()))
            texts.append(self.rows.pop(index).text)
            for numbers in (self._users, self._replies):
                numbers.update({key: each - 1 for key, each in numbers.items() if each > number})
        self._sending.clear()
        return edits, texts[::-1]

    # ------------------------------------------------------------ what the record holds

    def older(self, entries: Sequence[Mapping[str, Any]]) -> list[Edit]:
        """A page of turns before the oldest one, newest first."""
        rows = _rows(entries)
        if not entries:
            return []
        self.oldest = entries[-1]["id"]
        self.rows[:0] = rows
        self._above += len(rows)
        return [Edit(0, 0, tuple(rows))]

    def restart(self, entries: Sequence[Mapping[str, Any]], since: int) -> list[Edit]:
        """The newest page of the record, as it was asked for when `end` was `since`: it takes the place of
        everything but notices, what is under way, and what came since. No edit if nothing differs."""
        alive = {*self._users.values(), *self._replies.values(), *self._sending}
        since = min(alive | {since})
        first = max(0, since + self._above)
        kept = self.rows[first:]
        entries = _without(entries, [row.text for row in kept if row.kind == "user"])
        begin = _time(entries[-1]) if entries else None
        notes = [row for row in self.rows[:first] if _is_note(row) and (begin is None or row.at >= begin)]
        rows = sorted([*_rows(entries), *notes], key=lambda row: row.at)
        self.oldest = entries[-1]["id"] if entries else None
        if [_words(row) for row in rows] == [_words(row) for row in self.rows[:first]]:
            return []
        edit = Edit(0, first, tuple(rows))
        self.rows[:first] = rows
        self._above += len(rows) - first
        return [edit]

    # ------------------------------------------------------------ inside

    def _understood(self, message: TranscriptEvent, at: datetime) -> list[Edit]:
        state: RowState = "done" if message.final else "open"
        number = self._users.get(message.turn)
        if number is None:
            number = next((each for each in self._sending if _same(self._row(each).text, message.text)), None)
            if number is not None:
                self._sending.remove(number)
        if number is not None:
            self._users[message.turn] = number
            return [self._change(number, text=message.text, state=state)]
        if not message.text.strip():
            return []
        self._users[message.turn] = self.end
        return [self._append(Row(kind="user", text=message.text, at=at, state=state))]

    def _replied(
        self, message: ReplyText | ReplySegment | ReplyDone | ReplyCancelled, number: int
    ) -> list[Edit]:
        row = self._row(number)
        match message:
            case ReplyText():
                return [self._change(number, text=(row.text + message.delta).lstrip())]
            case ReplySegment():
                return [] if row.emotion else [self._change(number, emotion=message.emotion)]
            case ReplyDone():
                self._over(message.stream, message.turn)
                return [self._change(number, text=row.text.rstrip(), state="done")]
            case ReplyCancelled():
                self._over(message.stream, message.turn)
                return [self._change(number, text=message.heard_text.strip(), state="cut")]

    def _cut(self) -> list[Edit]:
        edits = [self._change(number, state="cut") for number in self._replies.values()]
        self._replies.clear()
        return edits

    def _over(self, stream: int, turn: int) -> None:
        del self._replies[stream]
        self._users.pop(turn, None)

    def _failed(self, message: ErrorEvent, at: datetime) -> list[Edit]:
        edits: list[Edit] = []
        if message.turn is not None and message.turn in self._users:
            edits.append(self._change(self._users.pop(message.turn), state="unanswered"))
        return edits + self._note("error", message.message, at)

    def _note(self, kind: Literal["notice", "error"], text: str, at: datetime) -> list[Edit]:
        """The same words twice in a row are told once."""
        if self.rows and self.rows[-1].kind == kind and self.rows[-1].text == text:
            return [self._change(self.end - 1, at=at)]
        return [self._append(Row(kind=kind, text=text, at=at))]

    def _row(self, number: int) -> Row:
        return self.rows[number + self._above]

    def _append(self, row: Row) -> Edit:
        self.rows.append(row)
        return Edit(len(self.rows) - 1, 0, (row,))

    def _change(self, number: int, **changes: Any) -> Edit:
        index = number + self._above
        self.rows[index] = row = msgspec.structs.replace(self.rows[index], **changes)
        return Edit(index, 1, (row,))


def _rows(entries: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Rows of a page, which comes newest first, from old to new."""
    rows: list[Row] = []
    for entry in reversed(entries):
        at, record, outcome, reply = _time(entry), entry["id"], entry["outcome"], entry["reply"].strip()
        answered = bool(reply) or outcome == "cancelled"
        state: RowState = "done" if answered or outcome is None else "unanswered"
        rows.append(Row(kind="user", text=entry["user"], at=at, record=record, state=state))
        if answered:
            ended: RowState = "cut" if outcome in ("cancelled", "error") else "done"
            emotion = entry["emotion"] or None
            rows.append(Row(kind="reply", text=reply, at=at, record=record, state=ended, emotion=emotion))
    return rows


def _time(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])


def _without(entries: Sequence[Mapping[str, Any]], texts: list[str]) -> list[Mapping[str, Any]]:
    """The page without those of its newest entries that are among the living rows."""
    newest = [
        entry for entry in entries[: len(texts)] if not any(_same(entry["user"], text) for text in texts)
    ]
    return newest + list(entries[len(texts) :])


def _is_note(row: Row) -> bool:
    return row.kind in ("notice", "error")


def _words(row: Row) -> tuple[str, str]:
    return row.kind, row.text


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same turn: the engine leaves out what cannot be printed."""
    return _printable(one) == _printable(other)


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable() and not char.isspace())
