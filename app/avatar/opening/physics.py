"""physics3.json: pendulums, and counts of what is in them, which the core trusts for its buffers."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from app.avatar.opening.formats import Number, Struct, Text, parse
from app.avatar.opening.refused import ModelRefused

Type = Literal["X", "Y", "Angle"]


class Target(Struct, frozen=True, kw_only=True):
    target: Text
    id: Text


class Input(Struct, frozen=True, kw_only=True):
    source: Target
    weight: Number
    type: Type
    reflect: bool


class Output(Struct, frozen=True, kw_only=True):
    destination: Target
    vertex_index: int
    scale: Number
    weight: Number
    type: Type
    reflect: bool


class Vector(Struct, frozen=True, kw_only=True):
    x: Number
    y: Number


class Vertex(Struct, frozen=True, kw_only=True):
    position: Vector
    mobility: Number
    delay: Number
    acceleration: Number
    radius: Number


class Span(Struct, frozen=True, kw_only=True):
    minimum: Number
    default: Number
    maximum: Number


class Normalization(Struct, frozen=True, kw_only=True):
    position: Span
    angle: Span


class Setting(Struct, frozen=True, kw_only=True):
    id: Text
    input: list[Input]
    output: list[Output]
    vertices: Annotated[list[Vertex], msgspec.Meta(min_length=1)]
    normalization: Normalization


class Forces(Struct, frozen=True, kw_only=True):
    gravity: Vector
    wind: Vector


class Name(Struct, frozen=True, kw_only=True):
    id: Text
    name: Text


class Meta(Struct, frozen=True, kw_only=True):
    effective_forces: Forces
    fps: Annotated[float, msgspec.Meta(gt=0, le=240)] | None = None
    physics_setting_count: int = 0
    total_input_count: int = 0
    total_output_count: int = 0
    vertex_count: int = 0
    physics_dictionary: list[Name] = msgspec.field(default_factory=list)


class Physics(Struct, frozen=True, kw_only=True):
    version: int = 3
    meta: Meta
    physics_settings: Annotated[list[Setting], msgspec.Meta(max_length=1000)]


def parse_physics(data: bytes, name: str) -> Physics:
    """The physics in the file `name`, their counts right. Raises ModelRefused `bad-json`."""
    physics = parse(data, Physics, name)
    settings = physics.physics_settings
    for setting in settings:
        # An output is the angle between its vertex and the one before.
        if not all(0 < output.vertex_index < len(setting.vertices) for output in setting.output):
            raise ModelRefused("bad-json", f"{name} is damaged: {setting.id} moves by a vertex it lacks.")
    meta = msgspec.structs.replace(
        physics.meta,
        physics_setting_count=len(settings),
        total_input_count=sum(len(setting.input) for setting in settings),
        total_output_count=sum(len(setting.output) for setting in settings),
        vertex_count=sum(len(setting.vertices) for setting in settings),
        physics_dictionary=[Name(id=setting.id, name=setting.id) for setting in settings],
    )
    return msgspec.structs.replace(physics, meta=meta)
