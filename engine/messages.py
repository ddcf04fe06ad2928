"""Every message between a client and an engine, each once.

The same objects travel over queues in one process and, encoded, over a WebSocket. `type` on the wire is
the struct's tag. Audio is PCM, 16 bit, mono, little-endian; times are milliseconds; offsets are samples of
the stream they belong to. A class's `urgent` says it may overtake audio; everything else keeps its order.

The ranges below hold on the wire: engine.wire refuses what is outside. Inside one process nothing is checked.
Defaults are part of the protocol, because a field that has its default may be left out.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

PROTOCOL = "1.0"
"""Version spoken by this code: another major is refused."""

MAX_TEXT = 20_000
"""Most characters of a typed turn."""

Emotion = Literal["happy", "angry", "sad", "surprised", "coquettish", "calm"]
"""The six emotions a reply can be spoken with."""

Viseme = Literal["a", "i", "u", "e", "o", "n", "closed"]
"""Mouth shapes: five vowels, n (teeth together), closed lips."""

StageName = Literal["vad", "asr", "llm", "tts", "embedding", "memory"]
StageState = Literal["loading", "ready", "failed", "fallback"]

U32 = Annotated[int, Meta(ge=0, le=2**32 - 1)]
"""Streams, sequences, samples of a stream, rates: what the binary header holds."""
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""Any other whole number: what every JSON reader keeps exact."""
Limit = Annotated[int, Meta(ge=1, le=500)]
"""Most items one answer holds."""
Name = Annotated[str, Meta(max_length=128)]
"""Ids, names and language codes."""
Token = Annotated[str, Meta(max_length=512)]
Words = Annotated[str, Meta(max_length=20_000)]
"""Text of a memory, or to search memories for."""
Features = Annotated[tuple[Name, ...], Meta(max_length=32)]


def _this_version() -> str:
    """Default of `protocol` as a factory: a plain default would be left out, yet the version must travel."""
    return PROTOCOL


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """What every message is: immutable, compared by value, named by its tag."""

    urgent: ClassVar[bool] = False


# ---------------------------------------------------------------- client -> engine


class Resume(msgspec.Struct, frozen=True):
    """The lost session a client wants to go on with."""

    session: Name
    token: Token
    """The `resume_token` of its last `welcome`."""
    last_seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    """The highest `seq` the client has received."""


class Hello(Message, frozen=True, tag="hello"):
    """The first message of a connection."""

    protocol: Name = msgspec.field(default_factory=_this_version)
    client: Name = ""
    """Name and version of the client, for the log and the list of paired devices."""
    features: Features = ()
    """`playback` promises play-out reports; without it the engine assumes a pace."""
    input_rate: U32 = 16000
    """Hertz of microphone audio; only 16000 is accepted by the stages, other rates are resampled."""
    output_rate: U32 = 24000
    """Hertz the client wants speech in."""
    language: Name = ""
    """`zh`, `en` or empty: the interface language of the client, for notices."""
    token: Token = ""
    """The device's token; to pair a new device, the pairing code."""
    resume: Resume | None = None


class InputStart(Message, frozen=True, tag="input.start"):
    """Push-to-talk pressed: microphone frames of `stream` are one turn until `input.stop`."""

    stream: U32
    urgent: ClassVar[bool] = True


class InputStop(Message, frozen=True, tag="input.stop"):
    """Push-to-talk released: commits the turn after all earlier frames."""

    stream: U32


class MicrophoneAudio(Message, frozen=True, tag="microphone"):
    """A block of microphone audio (binary on the wire)."""

    stream: U32
    pcm: bytes
    """Mono int16 at the session's input rate; an odd last byte is carried over to the next block."""
    discontinuity: bool = False
    """Audio before this block was lost."""


class InputText(Message, frozen=True, tag="input.text"):
    """A typed turn."""

    text: str


class Interrupt(Message, frozen=True, tag="interrupt"):
    """Stop speaking now."""

    urgent: ClassVar[bool] = True


class SessionUpdate(Message, frozen=True, tag="session.update"):
    """Changes how this session behaves; absent fields stay as they are."""

    hands_free: bool | None = None
    persona: Name | None = None
    language: Name | None = None
    memory: bool | None = None
    """False pauses remembering: turns are not recorded until it is true again."""
    emotion: Emotion | None = None
    """Forces one emotion for every reply; absent leaves the choice to the mind."""


class Playback(Message, frozen=True, tag="playback"):
    """What the speaker really played of a speech stream."""

    stream: U32
    played: U32
    """Samples of that stream handed to the device minus output latency, cumulative."""
    state: Literal["progress", "done", "flushed"] = "progress"
    urgent: ClassVar[bool] = True


class HistoryList(Message, frozen=True, tag="history.list"):
    """Asks for past turns, newest first."""

    id: Name
    before: Count | None = None
    """Only turns older than this turn id."""
    limit: Limit = 50


class MemoryList(Message, frozen=True, tag="memory.list"):
    """Asks for everything remembered as facts and pinned notes."""

    id: Name
    limit: Limit = 200
    before: Count | None = None


class MemorySearch(Message, frozen=True, tag="memory.search"):
    """Searches turns and facts."""

    id: Name
    query: Words
    limit: Limit = 20


class MemoryEdit(Message, frozen=True, tag="memory.edit"):
    """Replaces the text of one memory."""

    id: Name
    memory: Name
    text: Words


class MemoryPin(Message, frozen=True, tag="memory.pin"):
    """Pins or unpins one memory; with `text` and no `memory`, adds a pinned note."""

    id: Name
    memory: Name = ""
    text: Words = ""
    pinned: bool = True


class MemoryDelete(Message, frozen=True, tag="memory.delete"):
    """Forgets one memory, physically."""

    id: Name
    memory: Name


class MemorySource(Message, frozen=True, tag="memory.source"):
    """Asks which turn a memory came from."""

    id: Name
    memory: Name


class MemoryForgetAll(Message, frozen=True, tag="memory.forget_all"):
    """Forgets everything of this profile, physically."""

    id: Name


class Ping(Message, frozen=True, tag="ping"):
    t: float


class Bye(Message, frozen=True, tag="bye"):
    """The client leaves; the session ends."""


ClientMessage = (
    Hello
    | InputStart
    | InputStop
    | MicrophoneAudio
    | InputText
    | Interrupt
    | SessionUpdate
    | Playback
    | HistoryList
    | MemoryList
    | MemorySearch
    | MemoryEdit
    | MemoryPin
    | MemoryDelete
    | MemorySource
    | MemoryForgetAll
    | Ping
    | Bye
)


# ---------------------------------------------------------------- engine -> client


class Welcome(Message, frozen=True, tag="welcome"):
    """Answers `hello`."""

    session: Name
    resume_token: Token = ""
    """Goes on with this session, should the connection be lost."""
    resumed: bool = False
    """The lost session goes on."""
    received: Count = 0
    """With `resumed`: how many messages of the client after `hello`, control and audio together, reached
    the host; the client sends the rest again."""
    device_token: Token = ""
    """Given once, in answer to a pairing code."""
    protocol: Name = msgspec.field(default_factory=_this_version)
    features: Features = ()
    rates: dict[str, U32] = {}
    limits: dict[str, Count] = {}
    stages: dict[str, str] = {}
    """Backend chosen for each stage."""


class StageStatus(Message, frozen=True, tag="stage"):
    """A stage changed its state."""

    stage: StageName
    backend: str
    state: StageState
    progress: float = 0.0
    """0..1 while loading."""
    message: str = ""


class State(Message, frozen=True, tag="state"):
    """What the companion is doing."""

    state: Literal["idle", "listening", "thinking", "speaking"]


class VadEvent(Message, frozen=True, tag="vad"):
    """Speech began or ended at `offset` samples of the microphone stream."""

    speech: bool
    offset: Count


class TranscriptEvent(Message, frozen=True, tag="transcript"):
    """What was heard, or typed."""

    turn: Count
    text: str
    revision: Count = 0
    final: bool = True
    language: str = ""
    emotion: str = ""
    """Emotion heard in the user's voice, where the recogniser tells."""
    events: tuple[str, ...] = ()
    """Laughter, crying, cough ..., where the recogniser tells."""


class TurnEvent(Message, frozen=True, tag="turn"):
    """Where a turn of the user stands. A committed turn with no words ends `dropped`."""

    turn: Count
    state: Literal["speculating", "committed", "reopened", "dropped"]
    complete: bool = True


class ReplyStart(Message, frozen=True, tag="reply.start"):
    """A reply begins; `stream` is its generation number and the number of its speech stream."""

    stream: U32
    turn: Count


class ReplyText(Message, frozen=True, tag="reply.text"):
    """More text of the reply, as written (tags removed)."""

    stream: U32
    delta: str


class ReplySegment(Message, frozen=True, tag="reply.segment"):
    """One spoken piece: precedes its audio."""

    stream: U32
    segment: Count
    text: str
    emotion: Emotion
    offset: U32
    """Sample of the stream at which the segment starts."""


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """Up to `char_end` code points of the segment's text are heard when `sample_end` samples are played."""

    char_end: Count
    sample_end: U32
    """Counted from the start of the *stream* (samples at the stream's rate)."""
    viseme: Viseme | None = None
    """Mouth shape held until `sample_end`."""


class ReplyMarks(Message, frozen=True, tag="reply.marks"):
    """Where text and mouth shapes lie in a segment; non-decreasing."""

    stream: U32
    segment: Count
    marks: tuple[Mark, ...]


class SpeechAudio(Message, frozen=True, tag="speech"):
    """A block of the companion's voice (binary on the wire)."""

    stream: U32
    sequence: U32
    offset: U32
    """Samples of the stream before this block."""
    pcm: bytes
    """Mono int16 at the session's output rate."""
    last: bool = False
    """True on the final block of the stream (which may be empty)."""


class Flush(Message, frozen=True, tag="flush"):
    """Stop playing `stream` and drop what is left; answer `playback` with state `flushed`."""

    stream: U32
    urgent: ClassVar[bool] = True


class ReplyCancelled(Message, frozen=True, tag="reply.cancelled"):
    """The reply ended early; the record holds what was heard."""

    stream: U32
    turn: Count
    heard_ms: float
    heard_text: str


class ReplyDone(Message, frozen=True, tag="reply.done"):
    """The reply was heard to its end, and the turn is in the record."""

    stream: U32
    turn: Count
    trace: dict[str, float] = {}
    """Milestones of the turn in ms from the end of the user's speech (see engine.trace)."""


class MemoryChanged(Message, frozen=True, tag="memory.changed"):
    """Something was remembered, changed or forgotten."""

    memories: tuple[str, ...] = ()


class Metrics(Message, frozen=True, tag="metrics"):
    values: dict[str, float]


class Notice(Message, frozen=True, tag="notice"):
    """Something the user should know; the conversation goes on."""

    code: str
    message: str


class ErrorEvent(Message, frozen=True, tag="error"):
    """Something failed. With `turn`, that turn has ended by it; with `id`, that request has."""

    code: str
    message: str
    fatal: bool = False
    turn: Count | None = None
    id: Name | None = None


class Result(Message, frozen=True, tag="result"):
    """Answers a request."""

    id: Name
    value: Any = None


class GoAway(Message, frozen=True, tag="goaway"):
    """The engine shuts down in `in_ms`."""

    in_ms: Count


class Pong(Message, frozen=True, tag="pong"):
    t: float


ServerMessage = (
    Welcome
    | StageStatus
    | State
    | VadEvent
    | TranscriptEvent
    | TurnEvent
    | ReplyStart
    | ReplyText
    | ReplySegment
    | ReplyMarks
    | SpeechAudio
    | Flush
    | ReplyCancelled
    | ReplyDone
    | MemoryChanged
    | Metrics
    | Notice
    | ErrorEvent
    | Result
    | GoAway
    | Pong
)
