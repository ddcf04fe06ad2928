"""What a client may have to send (again): messages that wait for a connection, and those that were sent but
may not have arrived. Pure.

Both are bounded. Only microphone audio is ever given up, the oldest first, and the block after a gap says so;
what the user typed is kept until the host has shown that it has it. A host counts the messages it has taken,
so messages are numbered as they are sent.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator

import msgspec

from engine.messages import (
    ClientMessage,
    InputStart,
    InputStop,
    InputText,
    Interrupt,
    MicrophoneAudio,
    Playback,
    SessionUpdate,
)
from engine.wire import with_discontinuity

Frame = str | bytes

KEPT_S = 30
"""Seconds of sent audio that are kept."""
KEPT_BYTES = 4 * 1024 * 1024
"""Most bytes kept, of audio and of the rest each."""
KEPT_CONTROL = 4096
"""Control messages kept after sending; with reports ten times a second, minutes of them."""
WAITING_S = 2
"""Seconds of audio that wait for a connection."""


class _Entry(msgspec.Struct):
    order: int
    message: ClientMessage
    """Audio without its samples: they are in the frame."""
    frame: Frame
    number: int = 0
    """How many messages had been sent with this one."""


class _Queue:
    """Audio and control apart, so that each has its own bound; read in their common order."""

    def __init__(self, entries: Iterable[_Entry] = ()) -> None:
        self.audio: deque[_Entry] = deque()
        self.control: deque[_Entry] = deque()
        self.audio_bytes = 0
        self.control_bytes = 0
        for entry in entries:
            self.add(entry)

    def __iter__(self) -> Iterator[_Entry]:
        return heapq.merge(self.audio, self.control, key=lambda entry: entry.order)

    def add(self, entry: _Entry) -> None:
        if isinstance(entry.message, MicrophoneAudio):
            self.audio.append(entry)
            self.audio_bytes += len(entry.frame)
        else:
            self.control.append(entry)
            self.control_bytes += len(entry.frame)

    def take(self) -> _Entry | None:
        if self.audio and not (self.control and self.control[0].order < self.audio[0].order):
            return self.take_audio()
        return self.take_control() if self.control else None

    def take_audio(self) -> _Entry:
        entry = self.audio.popleft()
        self.audio_bytes -= len(entry.frame)
        return entry

    def take_control(self) -> _Entry:
        entry = self.control.popleft()
        self.control_bytes -= len(entry.frame)
        return entry


class Unsent:
    """`put` messages, send what `next` gives, and say after a loss what the host has."""

    def __init__(self, rate: int) -> None:
        """`rate` of the microphone in hertz."""
        self._second = 2 * rate
        self._order = 0
        self._count = 0
        self._audio_lost_to = 0
        """Number of the last block that was sent and is not kept any more."""
        self._waiting = _Queue()
        self._sent = _Queue()

    def __bool__(self) -> bool:
        """True while something waits to be sent."""
        return bool(self._waiting.audio or self._waiting.control)

    def behind(self, message: ClientMessage) -> bool:
        """True while a sender of `message` should wait."""
        if isinstance(message, MicrophoneAudio):
            return self._waiting.audio_bytes > self._second
        return self._waiting.control_bytes > KEPT_BYTES

    def put(self, message: ClientMessage, frame: Frame) -> None:
        """`message` waits, encoded as `frame`, behind those before it."""
        self._order += 1
        if isinstance(message, MicrophoneAudio):
            message = msgspec.structs.replace(message, pcm=b"")
        self._waiting.add(_Entry(self._order, message, frame))

    def next(self) -> Frame | None:
        """The next frame to be sent; None when nothing waits. It is kept from now on, should it get lost."""
        entry = self._waiting.take()
        if entry is None:
            return None
        self._count += 1
        entry.number = self._count
        self._sent.add(entry)
        while self._sent.audio_bytes > min(KEPT_S * self._second, KEPT_BYTES):
            self._audio_lost_to = self._sent.take_audio().number
        while self._sent.control_bytes > KEPT_BYTES or len(self._sent.control) > KEPT_CONTROL:
            self._sent.take_control()
        return entry.frame

    def shorten(self) -> None:
        """While there is no connection: of the audio that waits, only the newest stays."""
        lost = False
        while self._waiting.audio_bytes > WAITING_S * self._second:
            self._waiting.take_audio()
            lost = True
        if lost:
            self._mark_gap()

    def taken(self, text: str | None) -> None:
        """The host has answered what was typed as `text` (None: the next text there is): it has that, and all
        before it."""
        for entry in self._sent.control:
            if isinstance(entry.message, InputText) and (
                text is None or _key(entry.message.text) == _key(text)
            ):
                self._forget_sent(entry.number)
                return

    def withdraw(self, request: str) -> None:
        """The request with this id shall not be sent (again)."""
        self._waiting = _Queue(entry for entry in self._waiting if _request(entry.message) != request)
        for entry in self._sent.control:
            if _request(entry.message) == request:
                self._sent.control.remove(entry)
                self._sent.control_bytes -= len(entry.frame)
                return

    # ------------------------------------------------------------ after a loss

    def resume(self, received: int) -> None:
        """The host goes on, and has taken `received` messages: the others wait again, before all else."""
        self._forget_sent(received)
        gap = self._audio_lost_to > received
        self._waiting = _Queue([*self._sent, *self._waiting])
        self._sent = _Queue()
        self._count = received
        self._audio_lost_to = 0
        if gap:
            self._mark_gap()

    def restart(self, first: tuple[ClientMessage, Frame] | None) -> tuple[str, ...]:
        """The host begins a new session, which knows nothing of the old. After `first`, what can still be
        asked waits for it: texts that were not answered, requests that were not sent, and utterances of which
        nothing was sent. Returns the ids of requests that were sent."""
        asked = tuple(request for entry in self._sent.control if (request := _request(entry.message)))
        texts = [entry for entry in self._sent.control if isinstance(entry.message, InputText)]
        updates = [_Entry(0, *first)] if first else []
        self._waiting = _Queue([*updates, *texts, *_still_of_use(self._waiting)])
        self._sent = _Queue()
        self._count = self._audio_lost_to = 0
        return asked

    # ------------------------------------------------------------ inside

    def _forget_sent(self, number: int) -> None:
        while self._sent.audio and self._sent.audio[0].number <= number:
            self._sent.take_audio()
        while self._sent.control and self._sent.control[0].number <= number:
            self._sent.take_control()

    def _mark_gap(self) -> None:
        if self._waiting.audio:
            first = self._waiting.audio[0]
            assert isinstance(first.frame, bytes)
            first.frame = with_discontinuity(first.frame)


def _still_of_use(entries: Iterable[_Entry]) -> Iterator[_Entry]:
    """Of what was never sent: what a new session can make something of."""
    begun: set[int] = set()
    for entry in entries:
        match entry.message:
            case Playback() | Interrupt() | SessionUpdate():
                continue
            case MicrophoneAudio(stream=stream) | InputStop(stream=stream) if stream not in begun:
                continue
            case InputStart(stream=stream):
                begun.add(stream)
            case _:
                pass
        yield entry


def _key(text: str) -> str:
    """A text as it can be known again: the host takes out what no one can say."""
    return "".join(filter(str.isalnum, text))


def _request(message: ClientMessage) -> str | None:
    return getattr(message, "id", None)
