"""Turn-taking: who has the floor, which turn is answered, which reply is stale.

Theory of operation
-------------------
Two things go on at once, so the machine has two regions. Everything that affects them lives in this file.

    ear     closed ──key down / speech──► open ──key up / end of speech──► transcribing ──words──► answered
                                           │ ▲                               │
                                     pause │ │ speech again                  └──no words──► dropped
                                           ▼ │
                                          paused        (speculation starts here once it exists: a paused turn
                                                         is answered silently under a revision, and `resumed`
                                                         makes that revision stale)

    reply   none ──committed words──► thinking ──first sample──► speaking ──played out──► none
                                          │                         │
                                          └───── stop ──► stopping ◄┘ ──flushed, recorded──► none

Rules:
 1. A reply is a generation number. It only grows; whoever holds an older one holds something stale.
 2. A key press, a typed text or `interrupt` stops the running reply at once. Sound heard hands-free does not,
    until it proves to be words: a cough must not cost an answer. Meanwhile `may_speak` holds the voice back.
 3. The next reply starts only after the last one has ended and is in the record, so that its prompt holds
    exactly what was heard.
 4. Of several turns that wait for that moment only the newest is answered; the older ones are dropped as
    turns, but their words stay in the history that the newest is answered from.
 5. Barge-in by voice enters at `speech_started` while speaking; until echo is cancelled the caller does not
    report speech then.

The machine neither waits nor reads a clock. Each method takes one thing that happened and returns what is to
be done about it, in order.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal


class EarPhase(enum.Enum):
    """What the open utterance is doing."""

    OPEN = "open"
    PAUSED = "paused"


class ReplyPhase(enum.Enum):
    """What the running reply is doing."""

    THINKING = "thinking"
    SPEAKING = "speaking"
    STOPPING = "stopping"


@dataclass(frozen=True)
class Words:
    """A committed turn that waits for its answer."""

    turn: int
    text: str


@dataclass(frozen=True)
class OpenUtterance:
    """Start recognising: audio from now on belongs to `turn`."""

    turn: int
    by_key: bool


@dataclass(frozen=True)
class CommitUtterance:
    """The user has finished: end the audio of `turn` and get the final transcript."""

    turn: int


@dataclass(frozen=True)
class CancelUtterance:
    """Throw the audio of `turn` away."""

    turn: int


@dataclass(frozen=True)
class TurnCommitted:
    """`turn` is committed; its words (if typed) are known."""

    turn: int


@dataclass(frozen=True)
class TurnDropped:
    """`turn` gets no reply of its own."""

    turn: int


@dataclass(frozen=True)
class StartReply:
    """Answer `words` as generation `generation`."""

    generation: int
    words: Words


@dataclass(frozen=True)
class StopReply:
    """Silence `generation` now, stop its work, then report `reply_ended`."""

    generation: int


Effect = (
    OpenUtterance | CommitUtterance | CancelUtterance | TurnCommitted | TurnDropped | StartReply | StopReply
)


@dataclass
class _Ear:
    turn: int
    by_key: bool
    phase: EarPhase = EarPhase.OPEN


@dataclass
class _Reply:
    generation: int
    turn: int
    phase: ReplyPhase = ReplyPhase.THINKING


@dataclass
class TurnMachine:
    """The state of one conversation."""

    _last_turn: int = 0
    _last_generation: int = 0
    _newest_answered: int = 0
    _ear: _Ear | None = None
    _transcribing: set[int] = field(default_factory=set)
    _waiting: Words | None = None
    _reply: _Reply | None = None

    # ------------------------------------------------------------ what is going on

    @property
    def state(self) -> Literal["idle", "listening", "thinking", "speaking"]:
        """What a client shows."""
        if self._ear:
            return "listening"
        if self._reply and self._reply.phase is ReplyPhase.SPEAKING:
            return "speaking"
        if self._reply or self._waiting or self._transcribing:
            return "thinking"
        return "idle"

    @property
    def utterance(self) -> int | None:
        """Turn whose audio is being heard now."""
        return self._ear.turn if self._ear else None

    @property
    def generation(self) -> int | None:
        """Generation of the reply that may still make itself heard; None while none may."""
        if self._reply and self._reply.phase is not ReplyPhase.STOPPING:
            return self._reply.generation
        return None

    @property
    def speaking(self) -> bool:
        """True while a reply is audible."""
        return self._reply is not None and self._reply.phase is ReplyPhase.SPEAKING

    @property
    def may_speak(self) -> bool:
        """False while the user may be talking or his words are not known yet (rule 2)."""
        return self._ear is None and not self._transcribing

    # ------------------------------------------------------------ the ear

    def key_down(self) -> list[Effect]:
        """Push-to-talk pressed: the floor is the user's."""
        effects: list[Effect] = []
        if self._ear:
            if self._ear.by_key:
                return effects
            effects += self._close_ear()
        effects += self._stop_reply()
        return effects + self._open_ear(by_key=True)

    def key_up(self) -> list[Effect]:
        """Push-to-talk released: commits at once."""
        if not self._ear or not self._ear.by_key:
            return []
        return self._commit()

    def speech_started(self) -> list[Effect]:
        """Hands-free: somebody speaks."""
        if self._ear:
            self._ear.phase = EarPhase.OPEN
            return []
        return self._open_ear(by_key=False)

    def paused(self) -> None:
        """Hands-free: a pause that may or may not be the end of the turn."""
        if self._ear and not self._ear.by_key:
            self._ear.phase = EarPhase.PAUSED

    def speech_ended(self) -> list[Effect]:
        """Hands-free: the pause was the end."""
        if not self._ear or self._ear.by_key:
            return []
        return self._commit()

    def ear_closed(self) -> list[Effect]:
        """Listening was switched off in the middle of an utterance: it is thrown away."""
        return self._close_ear()

    # ------------------------------------------------------------ words

    def typed(self, text: str) -> list[Effect]:
        """A typed turn: interrupts, and is committed as it is."""
        turn = self._new_turn()
        effects: list[Effect] = [*self._close_ear(), TurnCommitted(turn)]
        return effects + self._answer(Words(turn, text))

    def transcribed(self, turn: int, text: str) -> list[Effect]:
        """The final transcript of a committed utterance. Without words, or when a newer turn has come, the
        turn is dropped."""
        if turn not in self._transcribing:
            return []
        self._transcribing.discard(turn)
        if not text:
            return [TurnDropped(turn), *self._start_waiting()]
        newer = max((*self._transcribing, self._newest_answered))
        if newer > turn or (self._ear and self._ear.by_key):
            return [TurnDropped(turn)]
        return self._answer(Words(turn, text))

    # ------------------------------------------------------------ the reply

    def interrupt(self) -> list[Effect]:
        """The user wants silence: the reply stops, and nothing committed before waits to be answered."""
        effects: list[Effect] = []
        for turn in sorted(self._transcribing):
            effects += [CancelUtterance(turn), TurnDropped(turn)]
        self._transcribing.clear()
        if self._waiting:
            effects.append(TurnDropped(self._waiting.turn))
            self._waiting = None
        return effects + self._stop_reply()

    def first_sample(self, generation: int) -> None:
        """The reply became audible."""
        reply = self._reply
        if reply and reply.generation == generation and reply.phase is ReplyPhase.THINKING:
            reply.phase = ReplyPhase.SPEAKING

    def reply_ended(self, generation: int) -> list[Effect]:
        """The reply is over (heard out, stopped or failed) and recorded."""
        if not self._reply or self._reply.generation != generation:
            return []
        self._reply = None
        return self._start_waiting()

    # ------------------------------------------------------------ inside

    def _new_turn(self) -> int:
        self._last_turn += 1
        return self._last_turn

    def _open_ear(self, *, by_key: bool) -> list[Effect]:
        turn = self._new_turn()
        self._ear = _Ear(turn, by_key)
        return [OpenUtterance(turn, by_key)]

    def _close_ear(self) -> list[Effect]:
        if not self._ear:
            return []
        turn, self._ear = self._ear.turn, None
        return [CancelUtterance(turn), TurnDropped(turn)]

    def _commit(self) -> list[Effect]:
        assert self._ear
        turn, self._ear = self._ear.turn, None
        self._transcribing.add(turn)
        return [TurnCommitted(turn), CommitUtterance(turn)]

    def _answer(self, words: Words) -> list[Effect]:
        effects: list[Effect] = []
        if self._waiting:
            effects.append(TurnDropped(self._waiting.turn))
        self._waiting = words
        self._newest_answered = words.turn
        return effects + self._stop_reply() + self._start_waiting()

    def _stop_reply(self) -> list[Effect]:
        if not self._reply or self._reply.phase is ReplyPhase.STOPPING:
            return []
        self._reply.phase = ReplyPhase.STOPPING
        return [StopReply(self._reply.generation)]

    def _start_waiting(self) -> list[Effect]:
        if not self._waiting or self._reply:
            return []
        words, self._waiting = self._waiting, None
        self._last_generation += 1
        self._reply = _Reply(self._last_generation, words.turn)
        return [StartReply(self._last_generation, words)]
