"""The turn machine: each rule of its theory of operation, and its invariants over random conversations."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.conversation.turns import (
    CancelUtterance,
    CommitUtterance,
    Effect,
    OpenUtterance,
    StartReply,
    StopReply,
    TurnCommitted,
    TurnDropped,
    TurnMachine,
    Words,
)


def test_a_spoken_turn_from_key_to_reply() -> None:
    machine = TurnMachine()
    assert machine.key_down() == [OpenUtterance(1, by_key=True)]
    assert machine.state == "listening"
    assert machine.key_up() == [TurnCommitted(1), CommitUtterance(1)]
    assert machine.state == "thinking"
    assert machine.transcribed(1, "hello") == [StartReply(1, Words(1, "hello"))]
    machine.first_sample(1)
    assert machine.state == "speaking"
    assert machine.reply_ended(1) == []
    assert machine.state == "idle"


def test_silence_drops_the_turn() -> None:
    machine = TurnMachine()
    machine.key_down()
    machine.key_up()
    assert machine.transcribed(1, "") == [TurnDropped(1)]
    assert machine.state == "idle"


def test_typing_while_speaking_stops_the_reply_and_answers_after_it_is_recorded() -> None:
    machine = TurnMachine()
    machine.typed("one")
    machine.first_sample(1)
    assert machine.typed("two") == [TurnCommitted(2), StopReply(1)]
    assert machine.generation is None
    assert machine.reply_ended(1) == [StartReply(2, Words(2, "two"))]


def test_the_key_stops_the_reply_at_once() -> None:
    machine = TurnMachine()
    machine.typed("one")
    assert machine.key_down() == [StopReply(1), OpenUtterance(2, by_key=True)]


def test_of_waiting_turns_only_the_newest_is_answered() -> None:
    machine = TurnMachine()
    machine.typed("one")
    machine.typed("two")
    assert machine.typed("three") == [TurnCommitted(3), TurnDropped(2)]
    assert machine.reply_ended(1) == [StartReply(2, Words(3, "three"))]


def test_interrupt_stops_and_lets_nothing_wait() -> None:
    machine = TurnMachine()
    machine.typed("one")
    machine.typed("two")
    assert machine.interrupt() == [TurnDropped(2)]
    assert machine.reply_ended(1) == []
    machine.typed("three")
    assert machine.interrupt() == [StopReply(2)]
    assert machine.interrupt() == []


def test_interrupt_while_transcribing_forgets_the_utterance() -> None:
    machine = TurnMachine()
    machine.key_down()
    machine.key_up()
    assert machine.interrupt() == [CancelUtterance(1), TurnDropped(1)]
    assert machine.transcribed(1, "late words") == []


def test_a_cough_while_thinking_does_not_cost_the_answer() -> None:
    machine = TurnMachine()
    machine.typed("one")
    assert machine.speech_started() == [OpenUtterance(2, by_key=False)]
    assert not machine.may_speak
    machine.paused()
    machine.speech_ended()
    assert not machine.may_speak
    assert machine.transcribed(2, "") == [TurnDropped(2)]
    assert machine.may_speak
    assert machine.generation == 1


def test_words_while_thinking_replace_the_answer() -> None:
    machine = TurnMachine()
    machine.typed("one")
    machine.speech_started()
    machine.speech_ended()
    assert machine.transcribed(2, "wait") == [StopReply(1)]
    assert machine.reply_ended(1) == [StartReply(2, Words(2, "wait"))]


def test_a_transcript_older_than_what_was_typed_since_gets_no_reply() -> None:
    machine = TurnMachine()
    machine.key_down()
    machine.key_up()
    assert machine.typed("typed") == [TurnCommitted(2), StartReply(1, Words(2, "typed"))]
    assert machine.transcribed(1, "spoken before") == [TurnDropped(1)]
    assert machine.generation == 1


def test_words_before_the_key_was_pressed_again_wait_for_the_rest() -> None:
    machine = TurnMachine()
    machine.key_down()
    machine.key_up()
    machine.key_down()
    assert machine.transcribed(1, "first half") == [TurnDropped(1)]
    machine.key_up()
    assert machine.transcribed(2, "second half") == [StartReply(1, Words(2, "second half"))]


def test_key_repeat_and_stray_key_up_change_nothing() -> None:
    machine = TurnMachine()
    assert machine.key_up() == []
    machine.key_down()
    assert machine.key_down() == []
    assert machine.speech_started() == []
    assert machine.speech_ended() == []


def test_the_key_takes_over_from_hands_free() -> None:
    machine = TurnMachine()
    machine.speech_started()
    assert machine.key_down() == [CancelUtterance(1), TurnDropped(1), OpenUtterance(2, by_key=True)]


def test_stale_reports_of_old_replies_change_nothing() -> None:
    machine = TurnMachine()
    machine.typed("one")
    machine.typed("two")
    machine.reply_ended(1)
    machine.first_sample(1)
    assert machine.reply_ended(1) == []
    assert machine.state == "thinking"


class Conversation(RuleBasedStateMachine):
    """Random interleavings, checked against what the effects promise."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = TurnMachine()
        self.open: int | None = None
        self.transcribing: set[int] = set()
        self.running: int | None = None
        self.stopped: set[int] = set()
        self.committed: set[int] = set()
        self.ended: set[int] = set()
        self.turn_of: dict[int, int] = {}

    def apply(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case OpenUtterance(turn):
                    assert self.open is None
                    self.open = turn
                case CommitUtterance(turn):
                    assert self.open == turn
                    self.open = None
                    self.transcribing.add(turn)
                case CancelUtterance(turn):
                    assert turn == self.open or turn in self.transcribing
                    self.transcribing.discard(turn)
                    self.open = None if self.open == turn else self.open
                case TurnCommitted(turn):
                    assert turn not in self.committed
                    self.committed.add(turn)
                case TurnDropped(turn):
                    assert turn not in self.ended
                    self.ended.add(turn)
                case StartReply(generation, words):
                    assert self.running is None, "two replies at once"
                    assert words.turn in self.committed
                    assert words.turn not in self.ended
                    assert generation > max(self.turn_of, default=0)
                    self.turn_of[generation] = words.turn
                    self.running = generation
                case StopReply(generation):
                    assert generation == self.running
                    assert generation not in self.stopped
                    self.stopped.add(generation)

    @rule()
    def key_down(self) -> None:
        self.apply(self.machine.key_down())

    @rule()
    def key_up(self) -> None:
        self.apply(self.machine.key_up())

    @rule()
    def speech(self) -> None:
        self.apply(self.machine.speech_started())

    @rule()
    def pause(self) -> None:
        self.machine.paused()

    @rule()
    def silence(self) -> None:
        self.apply(self.machine.speech_ended())

    @rule()
    def typed(self) -> None:
        self.apply(self.machine.typed("words"))

    @rule()
    def interrupt(self) -> None:
        self.apply(self.machine.interrupt())
        assert self.machine.generation is None

    @rule()
    def ears_off(self) -> None:
        self.apply(self.machine.ear_closed())

    @precondition(lambda self: self.transcribing)
    @rule(newest=st.booleans(), words=st.booleans())
    def transcribed(self, newest: bool, words: bool) -> None:
        turn = max(self.transcribing) if newest else min(self.transcribing)
        self.transcribing.discard(turn)
        self.apply(self.machine.transcribed(turn, "words" if words else ""))

    @precondition(lambda self: self.running is not None)
    @rule()
    def first_sample(self) -> None:
        assert self.running is not None
        self.machine.first_sample(self.running)

    @precondition(lambda self: self.running is not None)
    @rule()
    def reply_ended(self) -> None:
        assert self.running is not None
        generation, self.running = self.running, None
        assert self.turn_of[generation] not in self.ended
        self.ended.add(self.turn_of[generation])
        self.apply(self.machine.reply_ended(generation))

    @invariant()
    def a_stopped_reply_is_never_current(self) -> None:
        assert self.machine.generation not in self.stopped

    @invariant()
    def at_rest_every_committed_turn_has_ended_once(self) -> None:
        if self.machine.state == "idle":
            assert self.committed <= self.ended

    @invariant()
    def the_voice_waits_for_the_user(self) -> None:
        assert self.machine.may_speak == (self.open is None and not self.transcribing)


Conversation.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestConversation = Conversation.TestCase
