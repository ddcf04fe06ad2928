"""What passes as a file, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.avatar.opening.formats import Expression, Model, parse
from app.avatar.opening.refused import ModelRefused


def model(**changes: str) -> bytes:
    entries = {"Version": "3", "FileReferences": '{"Moc": "a.moc3", "Textures": ["a.png"]}'} | changes
    return ("{" + ", ".join(f'"{key}": {value}' for key, value in entries.items()) + "}").encode()


def test_a_model_needs_little() -> None:
    parsed = parse(model(), Model, "rio.model3.json")
    assert (parsed.file_references.moc, parsed.file_references.textures) == ("a.moc3", ["a.png"])


def test_what_is_not_known_is_left_out_and_a_bom_is_no_harm() -> None:
    assert parse(b"\xef\xbb\xbf" + model(Odd='{"a": [1]}'), Model, "a") == parse(model(), Model, "a")


@pytest.mark.parametrize(
    "data",
    [
        model(Version="2"),
        model(FileReferences='{"Moc": "a.moc3", "Textures": []}'),
        model(FileReferences='{"Moc": 5, "Textures": ["a.png"]}'),
        model(HitAreas='[{"Id": "a\\nb"}]'),
        model(HitAreas='[{"Id": "a\\n"}]'),
        model(HitAreas='[{"Id": "a\\\\b"}]'),
        model(HitAreas='[{"Id": "\\ud800"}]'),
        model(HitAreas=f'[{{"Id": "{"a" * 201}"}}]'),
        b"\xff\xfe",
        b'{"Odd": ' + b"[" * 10**5,
    ],
)
def test_what_is_not_what_it_should_be(data: bytes) -> None:
    with pytest.raises(ModelRefused, match=r"^rio\.model3\.json is damaged") as refusal:
        parse(data, Model, "rio.model3.json")
    assert refusal.value.code == "bad-json"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1e7", "-1e7", "true", '"1"', "null"])
def test_what_is_no_usable_number(number: str) -> None:
    with pytest.raises(ModelRefused):
        parse(f'{{"Parameters": [{{"Id": "A", "Value": {number}}}]}}'.encode(), Expression, "a")


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_parsed(data: bytes) -> None:
    with pytest.raises(ModelRefused):
        parse(b"\xff" + data, Expression, "a")
