import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.expression import Change, parse_expression
from tests.support.acting import expression_file


@pytest.mark.parametrize(
    ("change", "now", "then"),
    [
        (Change(0.3, "Add"), 0.5, 0.8),
        (Change(0.5, "Multiply"), 0.8, 0.4),
        (Change(-1.0, "Overwrite"), 0.8, -1.0),
        (Change(0.3), 0.5, 0.8),
    ],
)
def test_a_change_adds_multiplies_or_overwrites(change: Change, now: float, then: float):
    assert change.of(now) == pytest.approx(then)


def test_a_file_is_read_with_or_without_a_byte_order_mark():
    data = expression_file(ParamCheek=(1, "Overwrite"), ParamAngleX=(-3, "Add"))
    read = parse_expression(data)
    assert read.changes == {"ParamCheek": Change(1.0, "Overwrite"), "ParamAngleX": Change(-3.0, "Add")}
    assert parse_expression(b"\xef\xbb\xbf" + data) == read


def test_blend_defaults_to_add_and_an_empty_face_is_fine():
    assert parse_expression(b'{"Parameters": [{"Id": "A", "Value": 1}]}').changes == {"A": Change(1.0)}
    assert parse_expression(b"{}").changes == {}


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"\xff", b'{"Parameters": 3}', b'{"Parameters": [{"Id": 1, "Value": 1}]}',
        b'{"Parameters": [{"Id": "A"}]}', b'{"Parameters": [{"Id": "A", "Value": 1, "Blend": "Screen"}]}',
        b'{"Parameters": [{"Id": "A", "Value": 1e999}]}',
    ],
)  # fmt: skip
def test_what_is_no_expression_is_refused(data: bytes):
    with pytest.raises(ValueError, match="expression"):
        parse_expression(data)


@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes):
    with contextlib.suppress(ValueError):
        parse_expression(data)
