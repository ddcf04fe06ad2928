"""A model as the files of its place in the cache, under the names the companion knows.

What is bound to nothing is left out: the companion would never use it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from app.avatar.opening.bindings import Bindings
from app.avatar.opening.formats import (
    Expression,
    Group,
    HitArea,
    Model,
    NamedExpression,
    NamedMotion,
    References,
    Struct,
)
from app.avatar.opening.motions import Motion
from app.avatar.opening.physics import fitted
from app.avatar.opening.reading import OpenedModel

MODEL = "avatar.model3.json"
_DECIMALS = 4
_replace = msgspec.structs.replace


def bound_files(opened: OpenedModel, bindings: Bindings) -> dict[str, bytes]:
    """Every file of the model (path below its folder -> content), `MODEL` among them."""
    names = {own: known for known, own in bindings.parameters.items()}
    files = {"avatar.moc3": opened.moc.renamed(names)}
    textures = [f"textures/{number}.png" for number in range(len(opened.textures))]
    files.update(zip(textures, opened.textures, strict=True))

    expressions: list[NamedExpression] = []
    for emotion, name in bindings.expressions.items():
        file = f"expressions/{emotion}.exp3.json"
        files[file] = _written(_expression(opened.expressions[name], names))
        expressions.append(NamedExpression(name=emotion, file=file))
    motions: dict[str, list[NamedMotion]] = {}
    for group in bindings.motions:
        chosen = _chosen(opened, bindings.motions[group])
        if chosen:
            motions[group] = []
        for number, (entry, motion) in enumerate(chosen):
            file = f"motions/{group}_{number}.motion3.json"
            files[file] = _written(_motion(motion, names))
            motions[group].append(_replace(entry, file=file))
    parameters = {names.get(parameter.id, parameter.id) for parameter in opened.moc.parameters}
    physics = fitted(opened.physics, names, parameters) if opened.physics else None
    if physics is not None and physics.physics_settings:
        files["avatar.physics3.json"] = _written(physics)
    if opened.pose is not None:
        files["avatar.pose3.json"] = _written(opened.pose)

    files[MODEL] = _written(
        Model(
            version=3,
            file_references=References(
                moc="avatar.moc3",
                textures=textures,
                physics="avatar.physics3.json" if "avatar.physics3.json" in files else None,
                pose="avatar.pose3.json" if opened.pose else None,
                expressions=expressions,
                motions=motions,
            ),
            groups=[
                Group(target=group.target, name=group.name, ids=[names.get(one, one) for one in group.ids])
                for group in opened.model.groups
            ],
            hit_areas=[
                HitArea(id=_mesh(opened.model, area), name=known) for known, area in bindings.areas.items()
            ],
        )
    )
    return files


def _chosen(opened: OpenedModel, wanted: list[str]) -> list[tuple[NamedMotion, Motion]]:
    """The motions of these groups, or in these files."""
    return [
        (entry, motion)
        for group, motions in opened.motions.items()
        for entry, motion in motions
        if group in wanted or entry.file in wanted
    ]


def _mesh(model: Model, area: str) -> str:
    return next((one.id for one in model.hit_areas if one.name == area), area)


def _expression(expression: Expression, names: Mapping[str, str]) -> Expression:
    changes = [_replace(one, id=names.get(one.id, one.id)) for one in expression.parameters]
    return _replace(expression, parameters=changes)


def _motion(motion: Motion, names: Mapping[str, str]) -> Motion:
    return _replace(motion, curves=[_replace(one, id=names.get(one.id, one.id)) for one in motion.curves])


def _written(struct: Struct) -> bytes:
    """JSON as the core's parser needs it: on many lines, raw UTF-8, no float in exponent form."""
    plain = _plain(msgspec.to_builtins(struct))
    return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    """What is not there left out, and floats rounded so far that none needs an exponent."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return round(value, _DECIMALS) + 0.0 if isinstance(value, float) else value
