"""What the JSON files of a model may hold; all else in them is left out.

Names are as in the files. Every number is finite and below a million either way; no text has a character that
the core's own parser, which knows no escapes, could stumble over.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec

from app.avatar.opening.refused import ModelRefused

Number = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
Text = Annotated[str, msgspec.Meta(max_length=200, pattern=r'\A[^\x00-\x1f\x7f"\\]*\Z')]
File = Annotated[str, msgspec.Meta(max_length=400)]
_BOM = b"\xef\xbb\xbf"


class Struct(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """One object of a file."""


class NamedExpression(Struct, frozen=True, kw_only=True):
    name: Text
    file: File


class NamedMotion(Struct, frozen=True, kw_only=True):
    file: File
    fade_in_time: Number | None = None
    fade_out_time: Number | None = None


class References(Struct, frozen=True, kw_only=True):
    moc: File
    textures: Annotated[list[File], msgspec.Meta(min_length=1, max_length=64)]
    physics: File | None = None
    pose: File | None = None
    expressions: Annotated[list[NamedExpression], msgspec.Meta(max_length=500)] = []
    motions: dict[Text, Annotated[list[NamedMotion], msgspec.Meta(max_length=500)]] = {}


class Group(Struct, frozen=True, kw_only=True):
    target: Text
    name: Text
    ids: list[Text] = []


class HitArea(Struct, frozen=True, kw_only=True):
    id: Text
    name: Text = ""


class Model(Struct, frozen=True, kw_only=True):
    """model3.json"""

    version: Literal[3]
    file_references: References
    groups: list[Group] = []
    hit_areas: list[HitArea] = []


class Change(Struct, frozen=True, kw_only=True):
    id: Text
    value: Number
    blend: Literal["Add", "Multiply", "Overwrite"] = "Add"


class Expression(Struct, frozen=True, kw_only=True):
    """exp3.json"""

    type: Text = ""
    fade_in_time: Number | None = None
    fade_out_time: Number | None = None
    parameters: list[Change] = []


class PosePart(Struct, frozen=True, kw_only=True):
    id: Text
    link: list[Text] = []


class Pose(Struct, frozen=True, kw_only=True):
    """pose3.json"""

    type: Text = ""
    fade_in_time: Number | None = None
    groups: list[Annotated[list[PosePart], msgspec.Meta(min_length=1)]] = []


T = TypeVar("T", bound=Struct)


def parse(data: bytes, kind: type[T], name: str) -> T:
    """The content of the file `name`. Raises ModelRefused `bad-json`."""
    try:
        return msgspec.json.decode(data.removeprefix(_BOM), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ModelRefused("bad-json", f"{name} is damaged or not what it should be: {error}.") from error
