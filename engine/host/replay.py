"""What a client was sent and may need again, should its connection be lost: control messages since the last
one it has, and the speech it has not played."""

from __future__ import annotations

import heapq
from collections import deque
from typing import NamedTuple

from engine.messages import Flush, ReplyCancelled, ReplyDone, ServerMessage, SpeechAudio

KEPT_MESSAGES = 1024
"""Control messages kept; a client that has missed more begins anew."""

Frame = str | bytes


class _Sent(NamedTuple):
    order: int
    frame: Frame
    seq: int = 0
    stream: int = 0
    end: int = 0
    """Sample of the stream after the block."""


class Replay:
    """In the order of sending. Speech is bounded by the lead that the voice may have over the ear."""

    def __init__(self) -> None:
        self._control: deque[_Sent] = deque()
        self._speech: deque[_Sent] = deque()
        self._order = 0
        self._last_seq = 0
        self._forgotten_seq = 0

    def sent(self, message: ServerMessage, frame: Frame, seq: int) -> None:
        """`frame` was sent for `message`. `seq` is its number; speech has none, and there it is not used."""
        self._order += 1
        if isinstance(message, SpeechAudio):
            end = message.offset + len(message.pcm) // 2
            self._speech.append(_Sent(self._order, frame, stream=message.stream, end=end))
            return
        if isinstance(message, Flush | ReplyDone | ReplyCancelled):
            self._drop_speech(message.stream)
        self._last_seq = seq
        self._control.append(_Sent(self._order, frame, seq))
        if len(self._control) > KEPT_MESSAGES:
            self._forgotten_seq = self._control.popleft().seq

    def played(self, stream: int, samples: int) -> None:
        """The client has played `samples` of `stream`: it needs them, and all earlier streams, no more."""
        while self._speech and (
            self._speech[0].stream < stream
            or (self._speech[0].stream == stream and self._speech[0].end <= samples)
        ):
            self._speech.popleft()

    def since(self, last_seq: int) -> list[Frame] | None:
        """What to send again to a client whose last message was `last_seq`; None when that cannot be told."""
        if not self._forgotten_seq <= last_seq <= self._last_seq:
            return None
        missed = (sent for sent in self._control if sent.seq > last_seq)
        return [sent.frame for sent in heapq.merge(missed, self._speech)]

    def _drop_speech(self, stream: int) -> None:
        while self._speech and self._speech[0].stream <= stream:
            self._speech.popleft()
