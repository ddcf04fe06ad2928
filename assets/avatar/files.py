"""The JSON files around a .moc3: the model's list of them, expressions, motions and physics.

They are written as the parser of the Live2D core needs them: on many lines, as raw UTF-8, with no float in
exponent form, and every count right (a count too small kills the process). The same values give the same
bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

Blend = Literal["Add", "Multiply", "Overwrite"]
Curve = Sequence[tuple[float, float]]
"""Points (seconds, value), time ascending."""
Json = dict[str, "Json"] | list["Json"] | str | float | bool

DECIMALS = 4
_BEZIER = 1
"""Kind of a segment: two handles and the end."""


@dataclass(frozen=True)
class MotionFile:
    """One motion of a group."""

    file: str
    """Relative to the model's folder, as all files are."""
    fade_in: float = 0.5
    """Seconds."""
    fade_out: float = 0.5


@dataclass(frozen=True)
class Force:
    """A parameter that moves the root of a pendulum: to the side (`X`) or by turning it (`Angle`)."""

    parameter: str
    weight: float
    """Percent."""
    kind: Literal["X", "Angle"]


@dataclass(frozen=True)
class Link:
    """One stretch of a pendulum, hanging from the one before."""

    length: float
    mobility: float = 0.95
    """0..1: how much of its swing is left after a while."""
    delay: float = 0.9
    """0..1: how fast it follows."""
    acceleration: float = 1.5


@dataclass(frozen=True)
class Swing:
    """A parameter that follows the angle of a link."""

    parameter: str
    scale: float
    link: int = 1
    """1: the first."""


@dataclass(frozen=True)
class Pendulum:
    id: str
    forces: tuple[Force, ...]
    swings: tuple[Swing, ...]
    links: tuple[Link, ...]


def write_model3(
    folder: Path,
    name: str,
    *,
    textures: Sequence[str],
    expressions: Mapping[str, str],
    motions: Mapping[str, Sequence[MotionFile]],
    physics: str | None,
    eye_blink: Sequence[str],
    lip_sync: Sequence[str],
    hit_areas: Mapping[str, str],
) -> Path:
    """Writes `name`.model3.json into `folder`, beside its `name`.moc3; returns the path.

    All files are named relative to `folder`. `expressions`: name -> file. `eye_blink`, `lip_sync`: ids of
    parameters. `hit_areas`: name -> id of a mesh. Raises FileNotFoundError for a file that is not there.
    """
    files: dict[str, Json] = {"Moc": f"{name}.moc3", "Textures": list(textures)}
    if physics is not None:
        files["Physics"] = physics
    files["Expressions"] = [{"Name": key, "File": file} for key, file in expressions.items()]
    files["Motions"] = {
        group: [
            {"File": motion.file, "FadeInTime": motion.fade_in, "FadeOutTime": motion.fade_out}
            for motion in some
        ]
        for group, some in motions.items()
    }
    motion_files = [motion.file for some in motions.values() for motion in some]
    for file in (
        f"{name}.moc3",
        *textures,
        *([physics] if physics else []),
        *expressions.values(),
        *motion_files,
    ):
        if not (folder / file).is_file():
            raise FileNotFoundError(f"the model names {file}, which is not in {folder}")
    path = folder / f"{name}.model3.json"
    _write(
        path,
        {
            "Version": 3,
            "FileReferences": files,
            "Groups": [
                {"Target": "Parameter", "Name": "EyeBlink", "Ids": list(eye_blink)},
                {"Target": "Parameter", "Name": "LipSync", "Ids": list(lip_sync)},
            ],
            "HitAreas": [{"Id": mesh, "Name": area} for area, mesh in hit_areas.items()],
        },
    )
    return path


def write_expression(path: Path, parameters: Mapping[str, tuple[float, Blend]], *, fade: float = 0.4) -> None:
    """Writes an .exp3.json that changes `parameters` (id -> value and how it joins), fading in `fade` s."""
    changes: list[Json] = [
        {"Id": name, "Value": value, "Blend": blend} for name, (value, blend) in parameters.items()
    ]
    _write(
        path,
        {"Type": "Live2D Expression", "FadeInTime": fade, "FadeOutTime": fade, "Parameters": changes},
    )


def write_motion(path: Path, duration: float, curves: Mapping[str, Curve], loop: bool) -> None:
    """Writes a .motion3.json of `duration` seconds that moves parameters (id -> curve) smoothly.

    Between its points a curve never overshoots them. Where a loop ends at the value it began with, it also
    ends at the slope it began with. A single point is held to the end. Raises ValueError for a curve without
    points, or with times that do not ascend within 0..duration.
    """
    written: list[Json] = []
    segments = 0
    for name, points in curves.items():
        # The core reads beyond a curve that has no segment.
        curve = [*points, (duration, points[0][1])] if len(points) == 1 else points
        times = [round(time, DECIMALS) for time, _ in curve]
        if not times or times != sorted(set(times)) or times[0] < 0 or times[-1] > duration:
            raise ValueError(f"{path.name}: the times of {name} must ascend within 0..{duration}")
        written.append({"Target": "Parameter", "Id": name, "Segments": list(_segments(curve, loop))})
        segments += len(curve) - 1
    _write(
        path,
        {
            "Version": 3,
            "Meta": {
                "Duration": duration,
                "Fps": 30.0,
                "Loop": loop,
                "AreBeziersRestricted": True,
                "CurveCount": len(written),
                "TotalSegmentCount": segments,
                "TotalPointCount": len(written) + 3 * segments,
                "UserDataCount": 0,
                "TotalUserDataSize": 0,
            },
            "Curves": written,
        },
    )


def _segments(curve: Curve, loop: bool) -> list[float]:
    """The start of the curve, then a bezier to each further point, its handles at thirds of the time."""
    slopes = _slopes(curve, loop)
    numbers = [*curve[0]]
    for index, ((t0, v0), (t1, v1)) in enumerate(pairwise(curve)):
        third = (t1 - t0) / 3
        first, second = v0 + slopes[index] * third, v1 - slopes[index + 1] * third
        numbers += [_BEZIER, t0 + third, first, t1 - third, second, t1, v1]
    return numbers


def _slopes(curve: Curve, loop: bool) -> list[float]:
    """The slope at each point: flat where the curve turns and at its ends, else between the neighbours'.

    The harmonic mean of the two neighbouring slopes is what keeps a cubic from overshooting.
    """
    chords = [(v1 - v0) / (t1 - t0) for (t0, v0), (t1, v1) in pairwise(curve)]
    closed = loop and len(curve) > 1 and curve[0][1] == curve[-1][1]
    around = [chords[-1] if closed else 0.0, *chords, chords[0] if closed else 0.0]
    return [
        2 * before * after / (before + after) if before * after > 0 else 0.0
        for before, after in pairwise(around)
    ]


def write_physics(path: Path, pendulums: Sequence[Pendulum]) -> None:
    """Writes a .physics3.json in which each pendulum turns forces into the swing of parameters."""
    vector: dict[str, Json] = {"X": 0, "Y": 0}
    _write(
        path,
        {
            "Version": 3,
            "Meta": {
                "PhysicsSettingCount": len(pendulums),
                "TotalInputCount": sum(len(pendulum.forces) for pendulum in pendulums),
                "TotalOutputCount": sum(len(pendulum.swings) for pendulum in pendulums),
                "VertexCount": sum(len(pendulum.links) + 1 for pendulum in pendulums),
                "EffectiveForces": {"Gravity": {"X": 0, "Y": -1}, "Wind": vector},
                "PhysicsDictionary": [{"Id": pendulum.id, "Name": pendulum.id} for pendulum in pendulums],
            },
            "PhysicsSettings": [_setting(pendulum) for pendulum in pendulums],
        },
    )


def _setting(pendulum: Pendulum) -> Json:
    span: dict[str, Json] = {"Minimum": -10, "Default": 0, "Maximum": 10}
    ends = [0.0]
    for link in pendulum.links:
        ends.append(ends[-1] + link.length)
    vertices: list[Json] = [_vertex(0, Link(length=0, mobility=1, delay=1, acceleration=1))]
    vertices += [_vertex(end, link) for end, link in zip(ends[1:], pendulum.links, strict=True)]
    return {
        "Id": pendulum.id,
        "Input": [
            {
                "Source": {"Target": "Parameter", "Id": force.parameter},
                "Weight": force.weight,
                "Type": force.kind,
                "Reflect": False,
            }
            for force in pendulum.forces
        ],
        "Output": [
            {
                "Destination": {"Target": "Parameter", "Id": swing.parameter},
                "VertexIndex": swing.link,
                "Scale": swing.scale,
                "Weight": 100,
                "Type": "Angle",
                "Reflect": False,
            }
            for swing in pendulum.swings
        ],
        "Vertices": vertices,
        "Normalization": {"Position": span, "Angle": span},
    }


def _vertex(y: float, link: Link) -> Json:
    return {
        "Position": {"X": 0, "Y": y},
        "Mobility": link.mobility,
        "Delay": link.delay,
        "Acceleration": link.acceleration,
        "Radius": link.length,
    }


def _write(path: Path, content: Json) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_plain(content), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(value: Json) -> Json:
    """`value` with its floats rounded: no exponent is then needed, and none is -0.0."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return round(float(value), DECIMALS) + 0.0 if isinstance(value, float) else value
