"""The tables as the writer wrote them; no number in a file is trusted."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening.moc_tables import COLUMNS, Tables
from app.avatar.opening.refused import ModelRefused
from assets.avatar.moc3 import layout
from assets.avatar.moc3.write import to_bytes
from tests.support.avatar import moving_model

DATA = to_bytes(moving_model())


def test_the_tables_are_those_that_were_written() -> None:
    tables = Tables(DATA, "a.moc3")
    assert tables.ids("parameter") == ("ParamAngleX", "ParamCheek", "ParamHairFront")
    assert tables.ids("mesh") == ("Square",)
    assert tables["mesh.vertices"].tolist() == [4]
    assert tables["index.vertex"].tolist() == [0, 1, 2, 0, 2, 3]
    assert tables.floats()["mesh_keyform.opacity"].tolist() == [1, 0.5]
    assert tables.canvas.tolist() == [1000, 500, 500, 1000, 1000]


def test_every_column_is_where_the_writer_puts_it() -> None:
    kinds = [kind for table in layout.TABLES for kind in table.columns.values()]
    assert all(kinds[section - 2] == kind for section, kind in COLUMNS.values())


@pytest.mark.parametrize(
    ("at", "patch", "what"),
    [
        (0, b"MOC2", "no moc3 file"),
        (4, b"\x07", "version that is not known"),
        (5, b"\x01", "another kind of computer"),
        (layout.OFFSETS_AT, struct.pack("<I", 2**32 - 1), "is damaged"),
        (layout.OFFSETS_AT + 4 * 33, struct.pack("<I", 64), "is damaged"),
        (layout.BODY_AT, struct.pack("<i", -1), "is damaged"),
        (layout.BODY_AT, struct.pack("<i", 2**31 - 1), "is damaged"),
    ],
)
def test_what_does_not_lie_in_the_file_is_refused(at: int, patch: bytes, what: str) -> None:
    with pytest.raises(ModelRefused, match=what):
        Tables(DATA[:at] + patch + DATA[at + len(patch) :], "a.moc3")


def test_an_id_that_is_no_text() -> None:
    tables = Tables(DATA.replace(b"Square", b"\xff\xfe\xff\xfe\xff\xfe"), "a.moc3")
    with pytest.raises(ModelRefused, match="is damaged"):
        tables.ids("mesh")


@given(st.binary(max_size=300), st.integers(0, len(DATA)))
def test_any_bytes_are_read_or_refused(noise: bytes, at: int) -> None:
    with contextlib.suppress(ModelRefused):
        Tables(DATA[:at] + noise + DATA[at + len(noise) :], "a.moc3")
