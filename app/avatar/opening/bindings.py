"""avatar.toml: which of a model's expressions, motions, hit areas and parameters the companion uses as what.

It lies beside the model in the cache, made by guessing; the user may change it, and opens the model again.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, get_args

import msgspec

from app.avatar.opening.reading import OpenedModel
from app.avatar.opening.refused import ModelRefused
from engine.messages import Emotion

EMOTIONS: tuple[str, ...] = get_args(Emotion)
MOTIONS = (
    *("Idle", "Greeting", "Listening", "Thinking", "Sleep", "TouchHead", "TouchBody", "TouchHand"),
    *(emotion.capitalize() for emotion in EMOTIONS),
)
AREAS = ("Head", "Body", "HandL", "HandR")
PARAMETERS = (
    *("ParamAngleX", "ParamAngleY", "ParamAngleZ", "ParamBodyAngleX", "ParamBodyAngleY", "ParamBodyAngleZ"),
    *("ParamEyeLOpen", "ParamEyeROpen", "ParamEyeLSmile", "ParamEyeRSmile", "ParamEyeBallX", "ParamEyeBallY"),
    *("ParamBrowLY", "ParamBrowRY", "ParamBrowLX", "ParamBrowRX", "ParamBrowLAngle", "ParamBrowRAngle"),
    *("ParamBrowLForm", "ParamBrowRForm", "ParamMouthForm", "ParamMouthOpenY", "ParamCheek", "ParamBreath"),
    *("ParamHairFront", "ParamHairSide", "ParamHairBack", "ParamArmLA", "ParamArmRA", "ParamArmLB"),
    *("ParamArmRB", "ParamHandL", "ParamHandR", "ParamShoulderY"),
)
"""The names the companion knows."""


class Bindings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each by the name the companion knows: what the model calls it."""

    expressions: dict[str, str] = {}
    """Emotion -> name of an expression."""
    motions: dict[str, list[str]] = {}
    """What she does -> groups of motions, or single motion files."""
    areas: dict[str, str] = {}
    """Part of the body -> name of a hit area, or id of a mesh."""
    parameters: dict[str, str] = {}
    """Standard id -> the model's own."""


class Names(NamedTuple):
    """What a model has to offer."""

    expressions: tuple[str, ...]
    groups: tuple[str, ...]
    motion_files: tuple[str, ...]
    areas: tuple[str, ...]
    meshes: tuple[str, ...]
    parameters: tuple[str, ...]


def names_of(opened: OpenedModel) -> Names:
    return Names(
        expressions=tuple(opened.expressions),
        groups=tuple(opened.motions),
        motion_files=tuple(entry.file for motions in opened.motions.values() for entry, _ in motions),
        areas=tuple(area.name for area in opened.model.hit_areas),
        meshes=opened.moc.meshes,
        parameters=tuple(parameter.id for parameter in opened.moc.parameters),
    )


def read_bindings(text: str, names: Names) -> Bindings:
    """The bindings in an avatar.toml. Raises ModelRefused `bad-bindings`, naming the entry that is wrong."""
    try:
        bindings = msgspec.convert(tomllib.loads(text), Bindings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise ModelRefused("bad-bindings", f"Correct avatar.toml, or delete it: {error}.") from error
    one_each = {key: [value] for key, value in bindings.parameters.items()}
    _check("expressions", _listed(bindings.expressions), EMOTIONS, names.expressions)
    _check("motions", bindings.motions, MOTIONS, (*names.groups, *names.motion_files))
    _check("areas", _listed(bindings.areas), AREAS, (*names.areas, *names.meshes))
    _check("parameters", one_each, PARAMETERS, names.parameters)
    for known, own in bindings.parameters.items():
        if known != own and known in names.parameters:
            raise _wrong("parameters", known, "is an id the model has itself")
        if list(bindings.parameters.values()).count(own) > 1:
            raise _wrong("parameters", known, f"uses {own}, as another entry does")
    return bindings


def write_bindings(bindings: Bindings, names: Names) -> str:
    """The text of an avatar.toml, with all that could be chosen in comments."""
    missing = [known for known in PARAMETERS if known not in names.parameters]
    lines = [
        "# What the companion uses of this model. Change it, and open the model again; delete it, and it is",
        "# guessed again.",
        *_section("expressions", _listed(bindings.expressions), EMOTIONS, names.expressions),
        *_section("motions", bindings.motions, MOTIONS, (*names.groups, *names.motion_files)),
        *_section("areas", _listed(bindings.areas), AREAS, names.areas),
        *_section("parameters", _listed(bindings.parameters), missing, names.parameters),
    ]
    return "\n".join(lines) + "\n"


def _listed(single: Mapping[str, str]) -> dict[str, list[str]]:
    return {key: [value] for key, value in single.items()}


def _check(
    section: str, entries: Mapping[str, list[str]], known: Collection[str], offered: Collection[str]
) -> None:
    for key, values in entries.items():
        if key not in known:
            raise _wrong(section, key, f"is none of {', '.join(known)}")
        for value in values:
            if value not in offered:
                raise _wrong(section, key, f"names {value!r}, which the model does not have")


def _wrong(section: str, key: str, what: str) -> ModelRefused:
    return ModelRefused("bad-bindings", f"Correct avatar.toml, or delete it: {key} in [{section}] {what}.")


def _section(
    name: str, entries: Mapping[str, list[str]], known: Iterable[str], offered: Iterable[str]
) -> list[str]:
    lines = ["", f"[{name}]", f"# the model has: {', '.join(map(_quoted, offered))}"]
    for key in known:
        values = ", ".join(map(_quoted, entries.get(key, [])))
        value = f"[{values}]" if name == "motions" else values
        lines.append(f"{key} = {value}" if values else f"# {key} =")
    return lines


def _quoted(text: str) -> str:
    """As a string of TOML, which JSON's are too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
