"""Messages as they travel over a WebSocket. Sans-I/O: nothing here waits, opens or reads a clock.

Control messages are JSON text. Audio is binary, behind a header of 16 bytes, little-endian:

    u8 version = 1 | u8 kind | u16 flags | u32 stream | u32 sequence | u32 offset | PCM ...

`sequence` counts the blocks of a stream, `offset` the whole samples before this block; both start at 0 with
every stream and wrap around at 2**32. docs/protocol.md describes all of it for other programs.
"""

from __future__ import annotations

import json
import struct
from enum import IntEnum, IntFlag
from typing import Annotated, Any, NamedTuple, TypeVar, get_args

import msgspec

from engine.errors import PeerFault
from engine.messages import (
    ClientMessage,
    ErrorEvent,
    MicrophoneAudio,
    Result,
    ServerMessage,
    SpeechAudio,
)

MAX_MESSAGE = 1024 * 1024
"""Most bytes of one message, in either direction."""
MAX_CONTROL = 64 * 1024
"""Most bytes of one control message to a host. Answers to a client may be longer: they hold lists."""


class CloseCode(IntEnum):
    """Why a host closes a socket."""

    NORMAL = 1000
    """The client said `bye`."""
    BAD_UTF8 = 1007
    POLICY = 1008
    """A third message could not be read, or the request cannot be served."""
    TOO_BIG = 1009
    RESTART = 1012
    """The host stops or restarts."""
    TRY_LATER = 1013
    """The host is full or cannot serve now, or the session has ended."""
    BAD_PROTOCOL = 4400
    """Another major version of the protocol."""
    NOT_ADMITTED = 4401
    """No `hello` came first and in time, or its token is not known (any more)."""
    REPLACED = 4409
    """The same client has resumed the session over another connection."""


class Received(NamedTuple):
    """What a host sent. `message` is None for a type this version does not know; `seq` is 0 for audio."""

    message: ServerMessage | None
    seq: int


class ClientEncoder:
    """The messages of one client, which numbers the blocks of each microphone stream."""

    def __init__(self) -> None:
        self._stream: int | None = None
        self._sequence = 0
        self._bytes = 0

    def encode(self, message: ClientMessage) -> str | bytes:
        """A text or a binary message. Raises PeerFault `control-too-big` or `message-too-big` for what a host
        would refuse; nothing has been numbered then."""
        if isinstance(message, MicrophoneAudio):
            return self._frame(message)
        raw = _json(message)
        _check_size(len(raw), MAX_CONTROL)
        return raw.decode()

    def _frame(self, block: MicrophoneAudio) -> bytes:
        _check_size(_HEADER.size + len(block.pcm))
        if block.stream != self._stream:
            self._stream, self._sequence, self._bytes = block.stream, 0, 0
        flags = _Flag.DISCONTINUITY if block.discontinuity else _Flag(0)
        frame = _frame(_MICROPHONE, flags, block.stream, self._sequence, self._bytes // 2, block.pcm)
        self._sequence += 1
        self._bytes += len(block.pcm)
        return frame


class ServerEncoder:
    """The messages of one host to one session. `last_seq` is the number of the last control message."""

    def __init__(self, last_seq: int = 0) -> None:
        self.last_seq = last_seq

    def encode(self, message: ServerMessage) -> str | bytes:
        """A text or a binary message. An answer that is too big for one message becomes an `error`
        `answer-too-big` with its id."""
        if isinstance(message, SpeechAudio):
            flags = _Flag.LAST if message.last else _Flag(0)
            return _frame(_SPEECH, flags, message.stream, message.sequence, message.offset, message.pcm)
        raw = _json(message)
        if len(raw) > MAX_MESSAGE - _SEQ_ROOM and isinstance(message, Result):
            text = "The answer is too big for one message; ask for fewer items at once."
            raw = _json(ErrorEvent(code="answer-too-big", message=text, id=message.id))
        self.last_seq += 1
        return f'{raw[:-1].decode()},"seq":{self.last_seq}}}'


def decode_client(data: str | bytes) -> ClientMessage | None:
    """What a client sent; None for a type this version does not know, which is to be ignored.

    Raises PeerFault `bad-json`, `bad-message` (a known type that does not fit), `bad-frame` (binary),
    `control-too-big`, `message-too-big`; nothing else, whatever the data.
    """
    _check_size(len(data))
    if isinstance(data, str):
        raw = _utf8(data, MAX_CONTROL)
        return _control(raw, _parsed(raw, _CLIENT_HEAD, "message").type, _FROM_CLIENT)
    frame = _parsed_frame(data, _MICROPHONE)
    lost = bool(frame.flags & _Flag.DISCONTINUITY)
    return MicrophoneAudio(stream=frame.stream, pcm=frame.pcm, discontinuity=lost)


def decode_server(data: str | bytes) -> Received:
    """What a host sent. Raises PeerFault as decode_client does, but control may be as big as MAX_MESSAGE."""
    _check_size(len(data))
    if isinstance(data, str):
        raw = _utf8(data, MAX_MESSAGE)
        head = _parsed(raw, _SERVER_HEAD, "message")
        return Received(_control(raw, head.type, _FROM_SERVER), head.seq)
    frame = _parsed_frame(data, _SPEECH)
    if len(frame.pcm) % 2:
        raise PeerFault("bad-frame", "Send whole samples of speech; this block ends in half a sample.")
    last = bool(frame.flags & _Flag.LAST)
    audio = SpeechAudio(
        stream=frame.stream, sequence=frame.sequence, offset=frame.offset, pcm=frame.pcm, last=last
    )
    return Received(audio, 0)


def _check_size(size: int, limit: int = MAX_MESSAGE) -> None:
    if size > MAX_MESSAGE:
        raise PeerFault(
            "message-too-big", f"A message of {size} bytes is too big; send at most {MAX_MESSAGE}."
        )
    if size > limit:
        raise PeerFault("control-too-big", f"A text of {size} bytes is too big; send at most {limit}.")


# ---------------------------------------------------------------- control


class _ClientHead(msgspec.Struct):
    type: str


class _ServerHead(msgspec.Struct):
    type: str
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


def _decoders(union: Any) -> dict[str, msgspec.json.Decoder[Any]]:
    """By type, for the messages that travel as text."""
    controls = [cls for cls in get_args(union) if cls not in (MicrophoneAudio, SpeechAudio)]
    return {str(cls.__struct_config__.tag): msgspec.json.Decoder(cls) for cls in controls}


_CLIENT_HEAD = msgspec.json.Decoder(_ClientHead)
_SERVER_HEAD = msgspec.json.Decoder(_ServerHead)
_FROM_CLIENT = _decoders(ClientMessage)
_FROM_SERVER = _decoders(ServerMessage)
_KNOWN = {cls.__struct_config__.tag for cls in (*get_args(ClientMessage), *get_args(ServerMessage))}
_SEQ_ROOM = 32
"""More bytes than `seq` ever adds."""
_LONGEST_REASON = 200
"""Reasons quote what was sent; no more of it than this goes back or into a log."""

_Parsed = TypeVar("_Parsed")


def _json(message: ClientMessage | ServerMessage) -> bytes:
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        # Half a character (a lone surrogate), as windows and models let slip: JSON cannot carry it.
        text = json.dumps(msgspec.to_builtins(message), ensure_ascii=False)
        return text.encode(errors="ignore")


def _utf8(text: str, limit: int) -> bytes:
    try:
        raw = text.encode()
    except UnicodeEncodeError as error:
        raise PeerFault("bad-json", "Send valid Unicode; this text holds half a character.") from error
    _check_size(len(raw), limit)
    return raw


def _control(raw: bytes, kind: str, decoders: dict[str, msgspec.json.Decoder[Any]]) -> Any:
    if decoder := decoders.get(kind):
        return _parsed(raw, decoder, f"message `{kind}`")
    if kind in _KNOWN:
        raise PeerFault("bad-message", f"A message `{kind}` does not come from this side as text.")
    return None


def _parsed(raw: bytes, decoder: msgspec.json.Decoder[_Parsed], what: str) -> _Parsed:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise PeerFault("bad-message", f"Correct the {what}: {_reason(error)}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise PeerFault("bad-json", f"Send valid JSON, not nested deeply: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    text = str(error)
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}..."


# ---------------------------------------------------------------- audio


class _Flag(IntFlag):
    FIRST = 1
    LAST = 2
    DISCONTINUITY = 4


class _Frame(NamedTuple):
    flags: int
    stream: int
    sequence: int
    offset: int
    pcm: bytes


_HEADER = struct.Struct("<BBHIII")
_VERSION = 1
_MICROPHONE = 1
_SPEECH = 2
_WRAP = 2**32


def with_discontinuity(frame: bytes) -> bytes:
    """A frame of audio, marked: audio before it was lost."""
    version, kind, flags, *rest = _HEADER.unpack_from(frame)
    return _HEADER.pack(version, kind, flags | _Flag.DISCONTINUITY, *rest) + frame[_HEADER.size :]


def _frame(kind: int, flags: _Flag, stream: int, sequence: int, offset: int, pcm: bytes) -> bytes:
    if sequence == 0:
        flags |= _Flag.FIRST
    return _HEADER.pack(_VERSION, kind, flags, stream, sequence % _WRAP, offset % _WRAP) + pcm


def _parsed_frame(data: bytes, expected: int) -> _Frame:
    if len(data) < _HEADER.size:
        raise PeerFault("bad-frame", f"Begin binary messages with a header of {_HEADER.size} bytes.")
    version, kind, flags, stream, sequence, offset = _HEADER.unpack_from(data)
    if version != _VERSION:
        raise PeerFault("bad-frame", f"Send version {_VERSION} of the audio header, not {version}.")
    if kind != expected:
        raise PeerFault("bad-frame", f"Send audio of kind {expected}, not {kind}.")
    return _Frame(flags, stream, sequence, offset, data[_HEADER.size :])
