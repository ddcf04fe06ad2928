"""physics3.json: pendulums, and counts of what is in them, which the core trusts for its buffers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

import msgspec

from app.avatar.opening.formats import Number, Struct, Text, parse
from app.avatar.opening.refused import ModelRefused

_replace = msgspec.structs.replace
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
    """The physics in the file `name`, every output by a vertex that is there.

    Raises ModelRefused `bad-json`.
    """
    physics = parse(data, Physics, name)
    for setting in physics.physics_settings:
        # An output is the angle between its vertex and the one before.
        if not all(0 < output.vertex_index < len(setting.vertices) for output in setting.output):
            raise ModelRefused("bad-json", f"{name} is damaged: {setting.id} moves by a vertex it lacks.")
    return physics


def fitted(physics: Physics, names: Mapping[str, str], parameters: Collection[str]) -> Physics:
    """The physics with parameters renamed as `names` says, and of those only what is among `parameters`, its
    counts right. For one it does not know, the core reads and writes beside the parameters' values."""

    def known(target: Target) -> bool:
        return names.get(target.id, target.id) in parameters

    def renamed(target: Target) -> Target:
        return _replace(target, id=names.get(target.id, target.id))

    settings: list[Setting] = []
    for setting in physics.physics_settings:
        inputs = [_replace(one, source=renamed(one.source)) for one in setting.input if known(one.source)]
        outputs = [
            _replace(one, destination=renamed(one.destination))
            for one in setting.output
            if known(one.destination)
        ]
        if outputs:
            settings.append(_replace(setting, input=inputs, output=outputs))
    meta = _replace(
        physics.meta,
        physics_setting_count=len(settings),
        total_input_count=sum(len(setting.input) for setting in settings),
        total_output_count=sum(len(setting.output) for setting in settings),
        vertex_count=sum(len(setting.vertices) for setting in settings),
        physics_dictionary=[Name(id=setting.id, name=setting.id) for setting in settings],
    )
    return Physics(meta=meta, physics_settings=settings)
