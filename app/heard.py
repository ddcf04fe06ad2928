"""What is heard at this moment: the words, their feeling, and the shape of the mouth.

Theory of operation. The conversation's thread tells it the messages of a reply as they come, before they are
heard; whoever draws asks at any moment, from its own thread. A lock guards both. The sound is analysed where
it arrives and not where it is drawn: that costs the picture nothing, it happens once however often is asked,
and a window that is hidden, and asks nothing, lets nothing pile up. Long blocks are analysed in pieces, so
that who asks waits for one piece at most.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import NamedTuple

from app.avatar.lip_sync import LipSync
from app.avatar.mouth import MouthShape
from app.devices.play_queue import Position
from engine.conversation.playout import PlayoutLedger, Subtitle
from engine.errors import PeerFault
from engine.messages import Flush, ReplyMarks, ReplySegment, ReplyStart, ServerMessage, SpeechAudio

PIECE_S = 0.05
"""Sound analysed at a time."""


class Moment(NamedTuple):
    """What is heard now."""

    position: Position
    subtitle: Subtitle | None
    """What is being said, how far, and in which feeling; None before the first word and in silence."""
    mouth: MouthShape | None
    """None while nothing is spoken."""


SILENCE = Moment(Position(0, 0, False), None, None)


class Heard:
    """One reply at a time. `tell` belongs to one thread, `now` to any."""

    def __init__(self, rate: int, position: Callable[[], Position]) -> None:
        """`rate` of the speech in hertz; `position` is asked, from the thread that asks, what is played."""
        self._position = position
        self._rate = rate
        self._piece_bytes = 2 * round(rate * PIECE_S)
        self._lock = threading.Lock()
        self._stream = 0
        self._ledger = PlayoutLedger(rate)
        self._lips = LipSync(rate)
        self._offsets: dict[int, int] = {}

    def tell(self, message: ServerMessage) -> None:
        """Notes what belongs to the reply; other messages, and those of other streams, are ignored."""
        match message:
            case ReplyStart(stream=stream):
                self._begin(stream)
            case ReplySegment() | ReplyMarks() | SpeechAudio() if message.stream == self._stream:
                with contextlib.suppress(PeerFault):  # an engine that contradicts itself is not our business
                    self._note(message)
            case Flush(stream=stream) if stream == self._stream:
                self._begin(0)
            case _:
                pass

    def now(self) -> Moment:
        """What is heard as this is called."""
        position = self._position()
        with self._lock:
            if not position.stream or position.stream != self._stream:
                return SILENCE
            subtitle = self._ledger.subtitle_at(position.samples)
            mouth = None if position.ended else self._lips.at(position.samples)
        return Moment(position, subtitle, mouth)

    # ------------------------------------------------------------ inside

    def _begin(self, stream: int) -> None:
        with self._lock:
            self._stream = stream
            self._ledger = PlayoutLedger(self._rate)
            self._lips.flush()
            self._offsets.clear()

    def _note(self, message: ReplySegment | ReplyMarks | SpeechAudio) -> None:
        match message:
            case ReplySegment():
                with self._lock:
                    self._ledger.add_segment(message.segment, message.text, message.emotion, message.offset)
                    self._offsets[message.segment] = message.offset
            case ReplyMarks():
                with self._lock:
                    self._ledger.add_marks(message.segment, message.marks)
                    self._lips.add_marks(self._offsets[message.segment], message.marks)
            case SpeechAudio():
                self._hear(message)

    def _hear(self, block: SpeechAudio) -> None:
        with self._lock:
            self._ledger.add_audio(len(block.pcm) // 2)
            if block.last:
                self._ledger.end()
        for start in range(0, len(block.pcm), self._piece_bytes):
            with self._lock:
                self._lips.feed(block.offset + start // 2, block.pcm[start : start + self._piece_bytes])
