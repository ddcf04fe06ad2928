"""An expression of a Live2D model (exp3.json): by how much each parameter differs from the face at rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

Blend = Literal["Add", "Multiply", "Overwrite"]


@dataclass(frozen=True)
class Change:
    """What an expression does to one parameter."""

    value: float
    blend: Blend = "Add"

    def of(self, now: float) -> float:
        """The parameter's value under the full expression, where it would be `now` without."""
        if self.blend == "Add":
            return now + self.value
        return now * self.value if self.blend == "Multiply" else self.value


@dataclass(frozen=True)
class Expression:
    changes: Mapping[str, Change]
    """By parameter id."""


def parse_expression(data: bytes) -> Expression:
    """The expression of an exp3.json. Raises ValueError, with the reason, when it is none."""
    try:
        file = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_File)
    except msgspec.DecodeError as error:
        raise ValueError(f"This is not an expression of a Live2D model: {error}.") from error
    for entry in file.parameters:
        if not math.isfinite(entry.value):
            raise ValueError(f"The expression gives {entry.id} a value that is not a number.")
    return Expression({entry.id: Change(entry.value, entry.blend) for entry in file.parameters})


class _Entry(msgspec.Struct, rename="pascal"):
    id: str
    value: float
    blend: Blend = "Add"


class _File(msgspec.Struct, rename="pascal"):
    parameters: list[_Entry] = []
