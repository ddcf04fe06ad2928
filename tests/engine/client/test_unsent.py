from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine.client.unsent import KEPT_BYTES, KEPT_S, WAITING_S, Frame, Unsent
from engine.messages import (
    ClientMessage,
    InputStart,
    InputStop,
    InputText,
    MemoryList,
    MicrophoneAudio,
    Playback,
    SessionUpdate,
)
from engine.wire import ClientEncoder, decode_client

RATE = 1000
SECOND = bytes(2 * RATE)


class Line:
    """An Unsent with its encoder."""

    def __init__(self) -> None:
        self.unsent = Unsent(RATE)
        self._encoder = ClientEncoder()

    def put(self, *messages: ClientMessage) -> None:
        for message in messages:
            self.unsent.put(message, self._encoder.encode(message))

    def send_all(self) -> list[ClientMessage | None]:
        sent = []
        while (frame := self.unsent.next()) is not None:
            sent.append(decode_client(frame))
        return sent


def audio(stream: int = 1, *, gap: bool = False) -> MicrophoneAudio:
    return MicrophoneAudio(stream=stream, pcm=SECOND, discontinuity=gap)


def text(number: int) -> InputText:
    return InputText(text=str(number))


def test_sends_again_what_the_host_has_not_taken_in_order() -> None:
    line = Line()
    line.put(text(1), audio(), text(2))
    assert line.send_all() == [text(1), audio(), text(2)]
    line.put(text(3))
    line.unsent.resume(1)
    assert line.send_all() == [audio(), text(2), text(3)]
    line.unsent.resume(4)
    assert line.send_all() == []
    line.unsent.resume(3)
    assert line.send_all() == []


def test_audio_that_was_sent_is_kept_for_a_while_and_its_loss_is_told() -> None:
    line = Line()
    line.put(text(0), *[audio() for _ in range(KEPT_S + 10)])
    line.send_all()
    line.unsent.resume(0)
    first, *rest = [sent for sent in line.send_all() if isinstance(sent, MicrophoneAudio)]
    assert first == audio(gap=True)
    assert set(rest) == {audio()}
    assert KEPT_S - 3 <= len(rest) < KEPT_S


def test_a_loss_the_host_knows_nothing_of_is_not_told() -> None:
    line = Line()
    line.put(*[audio() for _ in range(KEPT_S + 10)])
    line.send_all()
    line.unsent.resume(KEPT_S)
    assert line.send_all() == [audio()] * 10


def test_without_a_connection_the_newest_audio_waits_and_every_text() -> None:
    line = Line()
    for number in range(10):
        line.put(text(number), audio())
        line.unsent.shorten()
    sent = line.send_all()
    assert [message for message in sent if isinstance(message, InputText)] == [text(n) for n in range(10)]
    assert [message for message in sent if isinstance(message, MicrophoneAudio)] == [audio(gap=True)]
    assert sent[-2:] == [text(9), audio(gap=True)]


def test_senders_wait_while_too_much_waits() -> None:
    line = Line()
    assert not line.unsent.behind(audio())
    line.put(audio(), audio())
    assert line.unsent.behind(audio())
    assert not line.unsent.behind(text(1))
    while not line.unsent.behind(text(1)):
        line.put(InputText(text="x" * 20_000))
    line.send_all()
    assert not line.unsent.behind(text(1))


def test_a_new_session_gets_what_still_makes_sense() -> None:
    line = Line()
    line.put(text(1), SessionUpdate(memory=False), MemoryList(id="a"), InputStart(stream=1), audio(), text(2))
    line.send_all()
    line.unsent.taken(" 1\u200b")
    line.put(audio(), InputStop(stream=1), Playback(stream=1, played=5), text(3), MemoryList(id="b"))
    line.put(InputStart(stream=2), audio(2), InputStop(stream=2))
    update = SessionUpdate(emotion="sad")
    assert line.unsent.restart((update, ClientEncoder().encode(update))) == ("a",)
    assert line.send_all() == [
        update,
        text(2),
        text(3),
        MemoryList(id="b"),
        InputStart(stream=2),
        audio(2),
        InputStop(stream=2),
    ]


def test_what_was_answered_is_not_asked_again() -> None:
    line = Line()
    line.put(text(1), text(2), text(2), text(3))
    line.send_all()
    line.unsent.taken("2")
    line.unsent.taken("something that was heard")
    line.unsent.taken(None)
    line.unsent.restart(None)
    assert line.send_all() == [text(3)]


def test_a_request_that_has_failed_is_withdrawn() -> None:
    line = Line()
    line.put(MemoryList(id="sent"), text(1))
    line.send_all()
    line.put(MemoryList(id="waits"), text(2))
    line.unsent.withdraw("sent")
    line.unsent.withdraw("waits")
    line.unsent.resume(0)
    assert line.send_all() == [text(1), text(2)]


@given(st.lists(st.integers(0, 3 * 2 * RATE), max_size=60), st.booleans())
def test_memory_is_bounded(sizes: list[int], connected: bool) -> None:
    line = Line()
    for size in sizes:
        line.put(MicrophoneAudio(stream=1, pcm=bytes(size)))
        if connected:
            line.send_all()
        else:
            line.unsent.shorten()
    kept = line.unsent._sent if connected else line.unsent._waiting
    seconds = KEPT_S if connected else WAITING_S
    assert kept.audio_bytes == sum(len(entry.frame) for entry in kept.audio)
    assert kept.audio_bytes <= min(seconds * 2 * RATE, KEPT_BYTES)


class Conversation(RuleBasedStateMachine):
    """Losses at any moment: a host that resumes gets every message once, in order."""

    @initialize()
    def begin(self) -> None:
        self.line = Line()
        self.number = 0
        self.taken: list[str] = []
        self.flying_frames: list[Frame] = []

    @rule()
    def type(self) -> None:
        self.number += 1
        self.line.put(text(self.number))

    @rule()
    def send(self) -> None:
        if (frame := self.line.unsent.next()) is not None:
            self.flying_frames.append(frame)

    @rule()
    def arrive(self) -> None:
        if self.flying_frames:
            message = decode_client(self.flying_frames.pop(0))
            assert isinstance(message, InputText)
            self.taken.append(message.text)

    @rule()
    def answer(self) -> None:
        if self.taken:
            self.line.unsent.taken(self.taken[-1])

    @rule()
    def lose(self) -> None:
        self.flying_frames.clear()
        self.line.unsent.resume(len(self.taken))

    @invariant()
    def in_order(self) -> None:
        if hasattr(self, "taken"):
            assert self.taken == [str(number) for number in range(1, len(self.taken) + 1)]

    def teardown(self) -> None:
        if hasattr(self, "line"):
            self.lose()
            while self.line.unsent:
                self.send()
                self.arrive()
            assert len(self.taken) == self.number


TestConversation = Conversation.TestCase
