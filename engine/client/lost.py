"""What goes on in a conversation, as far as the client was told, and how to end it when the engine that did
it is gone. Pure."""

from __future__ import annotations

import contextlib

from engine.conversation.playout import PlayoutLedger
from engine.errors import PeerFault
from engine.messages import (
    ErrorEvent,
    Flush,
    Playback,
    ReplyCancelled,
    ReplyDone,
    ReplyMarks,
    ReplySegment,
    ReplyStart,
    ServerMessage,
    SpeechAudio,
    State,
    TurnEvent,
    VadEvent,
)


class _Reply:
    def __init__(self, stream: int, turn: int, rate: int) -> None:
        self.stream = stream
        self.turn = turn
        self.ledger = PlayoutLedger(rate)


class Running:
    """Tell it every message that the client gets and every report of what was played."""

    def __init__(self, rate: int) -> None:
        """`rate` of the speech in hertz."""
        self._rate = rate
        self._turns: dict[int, None] = {}
        """Begun, without a reply or an end; in order."""
        self._reply: _Reply | None = None
        self._speech = False
        self._state = "idle"

    def told(self, message: ServerMessage) -> None:
        match message:
            case TurnEvent(turn=turn, state="dropped") | ErrorEvent(turn=int(turn)):
                self._turns.pop(turn, None)
            case TurnEvent(turn=turn):
                self._turns[turn] = None
            case ReplyStart(stream=stream, turn=turn):
                self._turns.pop(turn, None)
                self._reply = _Reply(stream, turn, self._rate)
            case ReplyDone() | ReplyCancelled():
                self._reply = None
            case ReplySegment() | ReplyMarks() | SpeechAudio():
                if self._reply and self._reply.stream == message.stream:
                    with contextlib.suppress(PeerFault):  # a host that contradicts itself is not our business
                        _note(self._reply.ledger, message)
            case VadEvent(speech=speech):
                self._speech = speech
            case State(state=state):
                self._state = state
            case _:
                pass

    def played(self, report: Playback) -> None:
        if self._reply and self._reply.stream == report.stream:
            self._reply.ledger.played(report.played)

    def end(self) -> list[ServerMessage]:
        """Messages that end everything for the client; nothing goes on after them."""
        ends: list[ServerMessage] = []
        if reply := self._reply:
            ends += [
                Flush(stream=reply.stream),
                ReplyCancelled(
                    stream=reply.stream,
                    turn=reply.turn,
                    heard_ms=reply.ledger.heard_ms,
                    heard_text=reply.ledger.heard_text(),
                ),
            ]
        if self._speech:
            ends.append(VadEvent(speech=False, offset=0))
        ends += [TurnEvent(turn=turn, state="dropped") for turn in self._turns]
        if self._state != "idle":
            ends.append(State(state="idle"))
        for message in ends:
            self.told(message)
        return ends


def _note(ledger: PlayoutLedger, message: ReplySegment | ReplyMarks | SpeechAudio) -> None:
    match message:
        case ReplySegment():
            ledger.add_segment(message.segment, message.text, message.emotion, message.offset)
        case ReplyMarks():
            ledger.add_marks(message.segment, message.marks)
        case SpeechAudio():
            ledger.add_audio(len(message.pcm) // 2)
            if message.last:
                ledger.end()
