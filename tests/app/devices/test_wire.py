from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.devices.wire import LONGEST, Cutter, Kind, pack

messages = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=300)), max_size=8)


@given(messages, st.integers(1, 50))
def test_messages_survive_any_cut(sent: list[tuple[Kind, bytes]], size: int) -> None:
    stream = b"".join(pack(kind, body[:1], body[1:]) for kind, body in sent)
    cutter = Cutter()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [message for piece in pieces for message in cutter.feed(piece)] == sent


@given(st.binary(max_size=300))
def test_any_bytes_are_messages_or_refused(data: bytes) -> None:
    try:
        Cutter().feed(data)
    except ValueError:
        return


def test_too_long_is_refused_before_it_is_there() -> None:
    with pytest.raises(ValueError, match="a message of"):
        Cutter().feed(bytes([Kind.HEARD]) + (LONGEST + 1).to_bytes(4, "little"))


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="Kind"):
        Cutter().feed(bytes([99, 0, 0, 0, 0]))
