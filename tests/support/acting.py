"""A small Live2D model for the actor, made of files as an editor writes them, and ways to play it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

from app.avatar.actor import Actor
from app.avatar.description import ModelDescription, Range
from app.avatar.expression import Blend, parse_expression
from app.avatar.motion import Motion, parse_motion

RANGES = {
    **{f"ParamAngle{axis}": Range(-30.0, 0.0, 30.0) for axis in "XYZ"},
    **{f"ParamBodyAngle{axis}": Range(-10.0, 0.0, 10.0) for axis in "XYZ"},
    **{f"ParamEye{side}Open": Range(0.0, 1.0, 1.2) for side in "LR"},
    **{f"ParamEye{side}Smile": Range(0.0, 0.0, 1.0) for side in "LR"},
    **{f"ParamBrow{side}Y": Range(-1.0, 0.0, 1.0) for side in "LR"},
    "ParamEyeBallX": Range(-1.0, 0.0, 1.0),
    "ParamEyeBallY": Range(-1.0, 0.0, 1.0),
    "ParamMouthForm": Range(-1.0, 0.0, 1.0),
    "ParamMouthOpenY": Range(0.0, 0.0, 1.0),
    "ParamCheek": Range(0.0, 0.0, 1.0),
    "ParamBreath": Range(0.0, 0.0, 1.0),
    "ParamHairFront": Range(-1.0, 0.0, 1.0),
    "ParamArmLA": Range(-10.0, 0.0, 10.0),
    "ParamArmRA": Range(-10.0, 0.0, 10.0),
}

EYES = ("ParamEyeLOpen", "ParamEyeROpen")


def expression_file(**changes: tuple[float, Blend]) -> bytes:
    """An exp3.json."""
    entries = [{"Id": name, "Value": value, "Blend": blend} for name, (value, blend) in changes.items()]
    return json.dumps({"Type": "Live2D Expression", "FadeInTime": 0.4, "Parameters": entries}).encode()


def motion_file(seconds: float, *, restricted: bool = True, **segments: Sequence[float]) -> bytes:
    """A motion3.json with one curve a parameter."""
    curves = [{"Target": "Parameter", "Id": name, "Segments": list(it)} for name, it in segments.items()]
    meta = {"Duration": seconds, "Fps": 30.0, "Loop": False, "AreBeziersRestricted": restricted}
    return json.dumps({"Version": 3, "Meta": meta, "Curves": curves}).encode()


def wave(seconds: float, **heights: float) -> Motion:
    """A motion that goes to a value and back in two straight lines."""
    curves = {name: (0, 0, 0, seconds / 2, height, 0, seconds, 0) for name, height in heights.items()}
    return parse_motion(motion_file(seconds, **curves))


def _eyes(value: float) -> dict[str, tuple[float, Blend]]:
    return dict.fromkeys(EYES, (value, "Multiply"))


EXPRESSIONS = {
    "happy": expression_file(
        **_eyes(0.0),
        ParamEyeLSmile=(1.0, "Overwrite"),
        ParamEyeRSmile=(1.0, "Overwrite"),
        ParamMouthForm=(1.0, "Add"),
        ParamMouthOpenY=(0.5, "Add"),
    ),
    "sad": expression_file(**_eyes(0.7), ParamBrowLY=(-0.6, "Add")),
    "angry": expression_file(ParamBrowLY=(-1.0, "Add"), ParamMouthForm=(-0.8, "Add")),
    "surprised": expression_file(**_eyes(1.2), ParamMouthOpenY=(0.8, "Add")),
    "coquettish": expression_file(
        ParamEyeLOpen=(0.0, "Multiply"), ParamCheek=(1.0, "Overwrite"), ParamAngleZ=(8.0, "Add")
    ),
}

MOTIONS = {
    "Idle": tuple(wave(seconds, ParamAngleX=8.0, ParamArmLA=seconds) for seconds in (5.3, 7.1, 8.9)),
    "Happy": (wave(1.4, ParamArmRA=9.0, ParamAngleY=-12.0),),
    "Greeting": (wave(2.0, ParamArmRA=10.0),),
    "Listening": (wave(3.0, ParamBodyAngleY=5.0),),
    "Thinking": (wave(4.0, ParamArmLA=8.0),),
    "TouchHead": (wave(1.5, ParamAngleY=10.0, ParamMouthOpenY=0.9),),
    "Sleep": (wave(6.0, ParamAngleY=-15.0),),
}


def description(**motions: tuple[Motion, ...]) -> ModelDescription:
    """The whole model, some groups of motions replaced."""
    faces = {name: parse_expression(data) for name, data in EXPRESSIONS.items()}
    return ModelDescription(RANGES, faces, {**MOTIONS, **motions})


def still(**motions: tuple[Motion, ...]) -> ModelDescription:
    """The model without motions, save those given."""
    return description()._replace(motions=motions)


def actor(model: ModelDescription | None = None, seed: int = 1) -> Actor:
    return Actor(model or description(), random.Random(seed))


def play(
    actor: Actor, seconds: float, fps: int = 60, each: Callable[[Actor], None] = lambda actor: None
) -> Iterator[Mapping[str, float]]:
    """The poses of some seconds; `each` happens before every frame."""
    for _ in range(round(seconds * fps)):
        each(actor)
        yield actor.step(1 / fps)
