"""What the actor has to know of a model: its parameters, expressions and motions, read from its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from app.avatar.expression import Expression, parse_expression
from app.avatar.motion import Motion, parse_motion

EYES = ("ParamEyeLOpen", "ParamEyeROpen")
LIPS = ("ParamMouthOpenY",)

_BOM = b"\xef\xbb\xbf"
Part = TypeVar("Part", Expression, Motion)


class Range(NamedTuple):
    """Values of a parameter."""

    minimum: float
    default: float
    maximum: float


class ModelDescription(NamedTuple):
    parameters: Mapping[str, Range]
    expressions: Mapping[str, Expression]
    """By name; those named as an emotion are used."""
    motions: Mapping[str, tuple[Motion, ...]]
    """By group."""
    eye_blink: tuple[str, ...] = EYES
    lip_sync: tuple[str, ...] = LIPS


def describe(model: Path, ranges: Mapping[str, Range]) -> ModelDescription:
    """Describes the model of a model3.json, whose parameters have `ranges`. Raises OSError when one of its
    files cannot be read, ValueError with its name and the reason when one is not what it should be."""
    try:
        file = msgspec.json.decode(model.read_bytes().removeprefix(_BOM), type=_Model)
    except msgspec.DecodeError as error:
        raise ValueError(f"{model.name} does not describe a Live2D model: {error}.") from error
    groups = {group.name: tuple(group.ids) for group in file.groups}
    return ModelDescription(
        parameters=dict(ranges),
        expressions={
            entry.name: _part(model, entry.file, parse_expression)
            for entry in file.file_references.expressions
        },
        motions={
            group: tuple(_part(model, entry.file, entry.parse) for entry in entries)
            for group, entries in file.file_references.motions.items()
        },
        eye_blink=groups.get("EyeBlink") or EYES,
        lip_sync=groups.get("LipSync") or LIPS,
    )


# ---------------------------------------------------------------- inside


class _Expression(msgspec.Struct, rename="pascal"):
    name: str
    file: str


class _Motion(msgspec.Struct, rename="pascal"):
    file: str
    fade_in_time: float | None = None
    fade_out_time: float | None = None

    def parse(self, data: bytes) -> Motion:
        return parse_motion(data, self.fade_in_time, self.fade_out_time)


class _References(msgspec.Struct, rename="pascal"):
    expressions: list[_Expression] = []
    motions: dict[str, list[_Motion]] = {}


class _Group(msgspec.Struct, rename="pascal"):
    name: str
    ids: list[str] = []


class _Model(msgspec.Struct, rename="pascal"):
    file_references: _References
    groups: list[_Group] = []


def _part(model: Path, file: str, parse: Callable[[bytes], Part]) -> Part:
    try:
        return parse((model.parent / file).read_bytes())
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
