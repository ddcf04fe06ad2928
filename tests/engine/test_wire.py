"""The wire codec: what comes out is what went in, and whatever comes in, only coded errors come out."""

from __future__ import annotations

import ast
import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from engine import wire
from engine.errors import PeerFault
from engine.messages import (
    Bye,
    ErrorEvent,
    Flush,
    Hello,
    InputText,
    Message,
    MicrophoneAudio,
    ReplyText,
    Result,
    Resume,
    SpeechAudio,
    State,
    Welcome,
)
from engine.wire import (
    MAX_CONTROL,
    MAX_MESSAGE,
    ClientEncoder,
    Received,
    ServerEncoder,
    decode_client,
    decode_server,
)
from tests.support.messages import CLIENT, JSON, SERVER, instances

BOTH = (*CLIENT, *SERVER)
CODES = {"bad-json", "bad-message", "bad-frame", "control-too-big", "message-too-big"}


def refusal(decode: Callable[[Any], object], data: str | bytes) -> PeerFault:
    with pytest.raises(PeerFault) as caught:
        decode(data)
    return caught.value


def header(data: str | bytes) -> tuple[int, ...]:
    """version, kind, flags, stream, sequence, offset"""
    assert isinstance(data, bytes)
    return struct.unpack_from("<BBHIII", data)


def frame(kind: int, pcm: bytes = b"", *, version: int = 1, flags: int = 0, stream: int = 1) -> bytes:
    return struct.pack("<BBHIII", version, kind, flags, stream, 0, 0) + pcm


# ---------------------------------------------------------------- round trips


def test_every_message_is_in_a_union_and_has_a_type_of_its_own() -> None:
    assert set(Message.__subclasses__()) == set(BOTH)
    assert len({cls.__struct_config__.tag for cls in BOTH}) == len(BOTH)
    assert not any("seq" in cls.__struct_fields__ for cls in SERVER)


@pytest.mark.parametrize("cls", CLIENT, ids=lambda cls: cls.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_client_message_arrives_as_it_was_sent(cls: type[Message], data: st.DataObject) -> None:
    message = data.draw(instances(cls))
    assert decode_client(ClientEncoder().encode(message)) == message


@pytest.mark.parametrize("cls", SERVER, ids=lambda cls: cls.__name__)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_server_message_arrives_as_it_was_sent(cls: type[Message], data: st.DataObject) -> None:
    message = data.draw(instances(cls))
    seq = 0 if cls is SpeechAudio else 1
    assert decode_server(ServerEncoder().encode(message)) == Received(message, seq)


def test_the_version_always_travels() -> None:
    for encoded in (ClientEncoder().encode(Hello()), ServerEncoder().encode(Welcome(session="s"))):
        assert json.loads(encoded)["protocol"] == "1.0"


def test_a_lost_session_is_named_in_hello() -> None:
    hello = Hello(resume=Resume("5f", "t", 41))
    encoded = ClientEncoder().encode(hello)
    assert json.loads(encoded)["resume"] == {"session": "5f", "token": "t", "last_seq": 41}
    assert decode_client(encoded) == hello


@pytest.mark.parametrize("half", [chr(0xD83D), chr(0xDE00)])
def test_half_a_character_is_dropped_and_the_rest_arrives(half: str) -> None:
    sent = ClientEncoder().encode(InputText(text=f"你好{half}!"))
    assert decode_client(sent) == InputText(text="你好!")
    spoken = ServerEncoder().encode(ReplyText(stream=1, delta=f"a{half}b"))
    assert decode_server(spoken) == Received(ReplyText(stream=1, delta="ab"), 1)


# ---------------------------------------------------------------- numbering


def test_control_is_numbered_from_1_and_audio_is_not() -> None:
    encoder = ServerEncoder()
    assert encoder.last_seq == 0
    numbers = []
    for message in (
        State(state="idle"),
        SpeechAudio(stream=1, sequence=0, offset=0, pcm=b""),
        Flush(stream=1),
        ReplyText(stream=1, delta="{}"),
    ):
        received = decode_server(encoder.encode(message))
        assert received.message == message
        numbers.append(received.seq)
    assert numbers == [1, 0, 2, 3]
    assert encoder.last_seq == 3
    assert decode_server(ServerEncoder(40).encode(State(state="idle"))).seq == 41


def test_blocks_of_each_microphone_stream_are_numbered_from_0() -> None:
    encoder = ClientEncoder()
    blocks = [(7, b"1234"), (7, b"123"), (7, b"123"), (7, b""), (8, b"12"), (8, b"12")]
    headers = [header(encoder.encode(MicrophoneAudio(stream=stream, pcm=pcm))) for stream, pcm in blocks]
    assert [fields[3:] for fields in headers] == [
        *((7, 0, 0), (7, 1, 2), (7, 2, 3), (7, 3, 5)),  # the half samples of two blocks make a whole one
        *((8, 0, 0), (8, 1, 1)),
    ]
    assert [fields[:3] for fields in headers] == [(1, 1, 1), *[(1, 1, 0)] * 3, (1, 1, 1), (1, 1, 0)]


def test_control_between_two_blocks_does_not_disturb_their_numbers() -> None:
    encoder = ClientEncoder()
    encoder.encode(MicrophoneAudio(stream=1, pcm=b"12"))
    encoder.encode(Hello())
    assert header(encoder.encode(MicrophoneAudio(stream=1, pcm=b"12")))[4:] == (1, 1)


def test_lost_audio_is_flagged() -> None:
    encoder = ClientEncoder()
    encoder.encode(MicrophoneAudio(stream=1, pcm=b""))
    data = encoder.encode(MicrophoneAudio(stream=1, pcm=b"12", discontinuity=True))
    assert header(data)[2] == 4
    assert decode_client(data) == MicrophoneAudio(stream=1, pcm=b"12", discontinuity=True)


def test_speech_is_flagged_at_both_ends() -> None:
    encoder = ServerEncoder()
    blocks = [
        SpeechAudio(stream=5, sequence=0, offset=0, pcm=b"1234"),
        SpeechAudio(stream=5, sequence=1, offset=2, pcm=b"12"),
        SpeechAudio(stream=5, sequence=2, offset=3, pcm=b"", last=True),
    ]
    assert [header(encoder.encode(block)) for block in blocks] == [
        *((1, 2, 1, 5, 0, 0), (1, 2, 0, 5, 1, 2), (1, 2, 2, 5, 2, 3))
    ]


def test_counters_of_a_stream_wrap_around() -> None:
    endless = SpeechAudio(stream=1, sequence=2**32, offset=2**32 + 5, pcm=b"")
    assert header(ServerEncoder().encode(endless)) == (1, 2, 0, 1, 0, 5)


def test_the_header_is_what_the_specification_says() -> None:
    data = ClientEncoder().encode(MicrophoneAudio(stream=0x01020304, pcm=b"\x0a\x0b"))
    assert data == bytes.fromhex("01 01 0100 04030201 00000000 00000000 0a0b")


# ---------------------------------------------------------------- what is ignored


def test_unknown_types_are_ignored_and_so_are_unknown_fields_and_flags() -> None:
    assert decode_client('{"type": "dance", "style": [1, {"a": null}]}') is None
    assert decode_server('{"type": "dance", "seq": 9}') == Received(None, 9)
    assert decode_client('{"type": "bye", "why": "tired"}') == Bye()
    assert decode_client(frame(1, b"12", flags=0xFFFB)) == MicrophoneAudio(stream=1, pcm=b"12")


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("", "bad-json", "truncated"),
        (" ", "bad-json", "truncated"),
        ("hello", "bad-json", "malformed"),
        ('{"type": "ping", "t": NaN}', "bad-json", "malformed"),
        ('{"type": "bye"} {"type": "bye"}', "bad-json", "trailing"),
        ('{"type": "bye", "x": ' + "[" * 30_000 + "]" * 30_000 + "}", "bad-json", "deep"),
        ('{"type": "dance", "x": ' + '{"a":' * 12_000, "bad-json", "deep"),
        ('{"type": "input.text", "text": "\ud800"}', "bad-json", "half a character"),
        ('{"type": "input.text", "text": "\\ud800"}', "bad-json", "JSON"),
        ("[" * 60_000, "bad-message", "object"),
        ("null", "bad-message", "object"),
        ("{}", "bad-message", "`type`"),
        ('{"type": 7}', "bad-message", "`$.type`"),
        ('{"type": "input.start"}', "bad-message", "`input.start`: Object missing required field `stream`"),
        ('{"type": "input.start", "stream": "1"}', "bad-message", "`$.stream`"),
        ('{"type": "input.start", "stream": 4294967296}', "bad-message", "`$.stream`"),
        ('{"type": "input.start", "stream": -1}', "bad-message", "`$.stream`"),
        ('{"type": "input.start", "stream": ' + "9" * 60_000 + "}", "bad-message", "`$.stream`"),
        ('{"type": "ping", "t": 1e999}', "bad-message", "`$.t`"),
        ('{"type": "ping", "t": 1, "type": "bye"}', "bad-message", "`$.type`"),
        ('{"type": "memory.list", "id": "1", "limit": 501}', "bad-message", "`$.limit`"),
        ('{"type": "memory.list", "id": "1", "limit": 0}', "bad-message", "`$.limit`"),
        ('{"type": "memory.list", "id": "' + "x" * 129 + '"}', "bad-message", "`$.id`"),
        ('{"type": "hello", "token": "' + "x" * 513 + '"}', "bad-message", "`$.token`"),
        ('{"type": "hello", "features": ' + json.dumps(["x"] * 33) + "}", "bad-message", "`$.features`"),
        ('{"type": "hello", "resume": {"session": "s", "token": "t"}}', "bad-message", "`last_seq`"),
        ('{"type": "playback", "stream": 1, "played": 1, "state": "x"}', "bad-message", "`$.state`"),
        (
            '{"type": "playback", "stream": 1, "played": 1, "state": "' + "x" * 60_000 + '"}',
            "bad-message",
            "xxx...",
        ),
        ('{"type": "welcome", "session": "s"}', "bad-message", "`welcome`"),
        ('{"type": "microphone", "stream": 1, "pcm": "AAAA"}', "bad-message", "`microphone`"),
        ('{"type": "input.text", "text": "' + "字" * 22_000 + '"}', "control-too-big", "65536"),
        ("x" * (MAX_CONTROL + 1), "control-too-big", "65536"),
        ("x" * (MAX_MESSAGE + 1), "message-too-big", "1048576"),
        ("字" * (MAX_MESSAGE // 2), "message-too-big", "1048576"),
    ],
    ids=lambda value: str(value)[:40].encode("ascii", "replace").decode(),
)
def test_a_bad_text_of_a_client_is_refused_with_a_code_and_a_reason(text: str, code: str, says: str) -> None:
    fault = refusal(decode_client, text)
    assert fault.code == code
    assert says in fault.message
    assert len(fault.message) < 400


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{", "bad-json", "truncated"),
        ('{"type": "state", "state": "idle"}', "bad-message", "`seq`"),
        ('{"type": "state", "state": "idle", "seq": 0}', "bad-message", "`$.seq`"),
        ('{"type": "state", "state": "idle", "seq": 1e3}', "bad-message", "`$.seq`"),
        ('{"type": "state", "state": "asleep", "seq": 1}', "bad-message", "`$.state`"),
        ('{"type": "hello", "seq": 1}', "bad-message", "`hello`"),
        ('{"type": "speech", "stream": 1, "seq": 1}', "bad-message", "`speech`"),
        ("x" * (MAX_MESSAGE + 1), "message-too-big", "1048576"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_text_of_a_host_is_refused(text: str, code: str, says: str) -> None:
    fault = refusal(decode_server, text)
    assert fault.code == code
    assert says in fault.message


@pytest.mark.parametrize(
    ("decode", "data", "code"),
    [
        (decode_client, b"", "bad-frame"),
        (decode_client, frame(1)[:15], "bad-frame"),
        (decode_client, frame(1, version=2), "bad-frame"),
        (decode_client, frame(0), "bad-frame"),
        (decode_client, frame(2), "bad-frame"),
        (decode_client, b'{"type": "bye"}   ', "bad-frame"),
        (decode_client, frame(1, bytes(MAX_MESSAGE - 15)), "message-too-big"),
        (decode_server, b"", "bad-frame"),
        (decode_server, frame(1), "bad-frame"),
        (decode_server, frame(2, b"123"), "bad-frame"),
        (decode_server, frame(2, bytes(MAX_MESSAGE)), "message-too-big"),
    ],
    ids=lambda value: repr(value)[:20] if isinstance(value, bytes) else None,
)
def test_a_bad_binary_is_refused(decode: Callable[[Any], object], data: bytes, code: str) -> None:
    assert refusal(decode, data).code == code


def test_what_just_fits_is_taken() -> None:
    assert decode_client(frame(1, bytes(MAX_MESSAGE - 16))) is not None
    start = '{"type":"input.text","text":"'
    text = start + "x" * (MAX_CONTROL - len(start) - 2) + '"}'
    assert isinstance(decode_client(text), InputText)
    assert refusal(decode_client, text + " ").code == "control-too-big"
    assert decode_client(
        f'{{"type":"input.text","text":"{"字" * 20_001}"}}'
    )  # its length is the session's matter


def test_a_client_does_not_send_what_would_be_refused() -> None:
    encoder = ClientEncoder()
    assert refusal(encoder.encode, InputText(text="字" * 22_000)).code == "control-too-big"  # pyright: ignore
    too_long = MicrophoneAudio(stream=1, pcm=bytes(MAX_MESSAGE))
    assert refusal(encoder.encode, too_long).code == "message-too-big"  # pyright: ignore
    assert header(encoder.encode(MicrophoneAudio(stream=1, pcm=b"12")))[2:] == (1, 1, 0, 0)


def test_long_lists_reach_the_client_and_longer_ones_become_an_error_with_their_id() -> None:
    encoder = ServerEncoder()
    long = Result(id="3", value=["字" * 100] * 500)
    assert decode_server(encoder.encode(long)) == Received(long, 1)
    kinds = []
    for size in (*range(MAX_MESSAGE - 80, MAX_MESSAGE - 20, 4), 2 * MAX_MESSAGE):
        message = decode_server(encoder.encode(Result(id="4", value="x" * size))).message
        assert isinstance(message, ErrorEvent | Result)
        assert message.id == "4"
        kinds.append("answer-too-big" if isinstance(message, ErrorEvent) else "fits")
        assert not isinstance(message, ErrorEvent) or message.code == "answer-too-big"
    assert kinds == sorted(kinds, reverse=True)
    assert {kinds[0], kinds[-1]} == {"fits", "answer-too-big"}
    assert encoder.last_seq == 1 + len(kinds)


def test_everything_a_client_says_is_bounded() -> None:
    """Else one number or one list could do harm. `input.text` is the exception: the session limits it."""
    unbounded: set[str] = set()

    def walk(kind: inspect.Type, where: str) -> None:
        match kind:
            case inspect.StructType():
                for field in kind.fields:
                    walk(field.type, f"{where}.{field.name}")
            case inspect.UnionType():
                for member in kind.types:
                    walk(member, where)
            case inspect.VarTupleType() | inspect.StrType() if kind.max_length is None:
                unbounded.add(where)
            case inspect.IntType() if kind.ge is None or kind.le is None:
                unbounded.add(where)
            case inspect.AnyType() | inspect.DictType() | inspect.ListType():
                unbounded.add(where)
            case inspect.VarTupleType():
                walk(kind.item_type, where)
            case _:
                pass

    for cls in CLIENT:
        walk(inspect.type_info(cls), str(cls.__struct_config__.tag))
    assert unbounded == {"input.text.text"}


def test_all_codes_are_known_here() -> None:
    tree = ast.parse(Path(wire.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    raised = {ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "PeerFault"}
    assert raised == CODES


# ---------------------------------------------------------------- anything at all

TAGS = st.sampled_from([str(cls.__struct_config__.tag) for cls in BOTH])
FIELDS = st.sampled_from(sorted({"seq", "type"}.union(*(cls.__struct_fields__ for cls in BOTH))))
ODD = st.sampled_from([0, 1, -1, 2**32, 2**53, 2**64, 10**400, 1.5, float("nan"), float("inf"), "", "\ud800"])


@st.composite
def _objects(draw: st.DrawFn) -> str:
    fields = draw(st.dictionaries(FIELDS, JSON | ODD | st.lists(ODD, max_size=3), max_size=5))
    text = json.dumps({"type": draw(TAGS), **fields}, ensure_ascii=draw(st.booleans()))
    return text.replace("}", draw(st.sampled_from(["}", ', "type": "bye"}', ', "stream": 1, "seq": 2}', ""])))


@st.composite
def _nested(draw: st.DrawFn) -> str:
    depth = draw(st.integers(1, 12_000))
    opening, closing = draw(st.sampled_from([("[", "]"), ('{"a":', "}"), ('{"value":[', "]}")]))
    inside = opening * depth + draw(st.sampled_from(["", "1"])) + closing * draw(st.sampled_from([0, depth]))
    return draw(st.sampled_from(["%s", '{"type":"result","seq":1,"id":"1","value":%s}'])) % inside


@st.composite
def _damaged(draw: st.DrawFn) -> str | bytes:
    cls = draw(st.sampled_from(BOTH))
    encoder: Any = ClientEncoder() if cls in CLIENT else ServerEncoder()
    data = encoder.encode(draw(instances(cls)))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
    if isinstance(data, str):
        return data[:start] + draw(st.text(max_size=4)) + data[end:]
    return data[:start] + draw(st.binary(max_size=4)) + data[end:]


_HEADERS = st.builds(
    lambda *fields: struct.pack("<BBHIII", *fields),
    *[st.integers(0, 3)] * 2,
    st.integers(0, 2**16 - 1),
    *[st.integers(0, 2**32 - 1)] * 3,
)
ANYTHING = st.one_of(
    st.text(st.characters(), max_size=50),
    st.binary(max_size=50),
    _objects(),
    _damaged(),
    st.builds(bytes.__add__, _HEADERS, st.binary(max_size=20)),
)


def outcome(decode: Callable[[Any], object], data: str | bytes) -> object:
    """What was decoded, or the code it was refused with."""
    try:
        return decode(data)
    except PeerFault as fault:
        return fault.code


def check(data: str | bytes) -> None:
    said = outcome(decode_client, data)
    assert said is None or said in CODES or isinstance(said, CLIENT)
    told = outcome(decode_server, data)
    if isinstance(told, Received):
        assert told.message is None or isinstance(told.message, SERVER)
        assert (told.seq == 0) == isinstance(data, bytes)
    else:
        assert told in CODES


@settings(max_examples=500, deadline=None)
@given(ANYTHING)
def test_whatever_comes_in_only_messages_and_coded_errors_come_out(data: str | bytes) -> None:
    check(data)


@settings(max_examples=100, deadline=None)
@given(_nested())
def test_however_deep_it_is_nested(data: str) -> None:
    check(data)


@pytest.mark.long
@settings(max_examples=100_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANYTHING)
def test_a_hundred_thousand_times(data: str | bytes) -> None:
    check(data)
