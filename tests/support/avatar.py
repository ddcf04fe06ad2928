"""A model small enough to reason about, and what the Live2D core says of one, asked in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from assets.avatar.files import (
    Force,
    Link,
    MotionFile,
    Pendulum,
    Swing,
    write_expression,
    write_model3,
    write_motion,
    write_physics,
)
from assets.avatar.moc3.model import Axis, Mesh, Model, Parameter, Part, Points, Warp
from assets.avatar.moc3.write import to_bytes

NAME = "square"
CHILD = """
import json, sys
import live2d
live2d.enableLog(False)
live2d.init()
answers = []
for path in sys.argv[2:]:
    model = live2d.Model()
    model.LoadModelJson(path, False)
    answers.append(eval(sys.argv[1]))
print(flush=True)
print(json.dumps(answers))
"""


def points(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, np.float32)


CORNERS = points((-0.2, -0.2), (0.2, -0.2), (0.2, 0.2), (-0.2, 0.2))
"""Of a square in the middle of the canvas."""
GRID = points((-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5))
"""Of a warp of one cell as wide and high as the canvas."""


def square(**changes: Any) -> Mesh:
    """A red square that follows nothing."""
    return replace(
        Mesh(
            id="Square",
            part="Part",
            parent=None,
            uvs=points((0, 0), (1, 0), (1, 1), (0, 1)),
            triangles=np.array([[0, 1, 2], [0, 2, 3]]),
            axes=(),
            keyforms=(CORNERS,),
            opacities=None,
            draw_order=500,
        ),
        **changes,
    )


def square_model(**changes: Any) -> Model:
    """A canvas of 1000 x 1000 pixels, a unit wide, with the square on it."""
    return replace(
        Model(
            width=1000,
            height=1000,
            pixels_per_unit=1000,
            parameters=(),
            parts=(Part("Part"),),
            deformers=(),
            meshes=(square(),),
        ),
        **changes,
    )


def moving_model() -> Model:
    """The square in a warp that ParamAngleX pushes to the side; it pales with ParamCheek."""
    return square_model(
        parameters=(
            Parameter("ParamAngleX", -30, 30, 0),
            Parameter("ParamCheek", 0, 1, 0),
            Parameter("ParamHairFront", -1, 1, 0),
        ),
        deformers=(
            Warp(
                id="Push",
                part="Part",
                parent=None,
                rows=1,
                columns=1,
                axes=(Axis("ParamAngleX", (-30, 0, 30)),),
                keyforms=tuple(GRID + points((side, 0)) for side in (-0.1, 0, 0.1)),
            ),
        ),
        meshes=(
            square(
                parent="Push",
                axes=(Axis("ParamCheek", (0, 1)),),
                keyforms=(CORNERS + np.float32(0.5),) * 2,
                opacities=(1, 0.5),
            ),
        ),
    )


def write_square(folder: Path, model: Model) -> Path:
    """Writes `model` into `folder`, with a texture and nothing else; returns the path of its model3.json."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.new("RGBA", (16, 16), (255, 0, 0, 255)).save(folder / "texture.png")
    (folder / f"{NAME}.moc3").write_bytes(to_bytes(model))
    return write_model3(
        folder,
        NAME,
        textures=["texture.png"],
        expressions={},
        motions={},
        physics=None,
        eye_blink=[],
        lip_sync=[],
        hit_areas={},
    )


def write_whole(folder: Path) -> Path:
    """Writes the moving model into `folder` with one file of every kind; returns the path of its
    model3.json."""
    write_square(folder, moving_model())
    write_expression(folder / "smile.exp3.json", {"ParamCheek": (0.5, "Add")})
    write_motion(folder / "nod.motion3.json", 2, {"ParamAngleX": [(0, 0), (1, 30), (2, 0)]}, loop=True)
    pendulum = Pendulum(
        "Hair", (Force("ParamAngleX", 100, "X"),), (Swing("ParamHairFront", 2.0),), (Link(10),)
    )
    write_physics(folder / "hair.physics3.json", [pendulum])
    return write_model3(
        folder,
        NAME,
        textures=["texture.png"],
        expressions={"smile": "smile.exp3.json"},
        motions={"Idle": [MotionFile("nod.motion3.json")]},
        physics="hair.physics3.json",
        eye_blink=[],
        lip_sync=["ParamCheek"],
        hit_areas={"Head": "Square"},
    )


def ask_core(question: str, paths: Sequence[Path]) -> list[Any]:
    """The value of the Python expression `question` about `model`, for the model of each path; no display
    is needed. A model stands as its parameters' defaults want it, whatever is set later. Raises
    CalledProcessError if the process dies of it."""
    command = [sys.executable, "-c", CHILD, question, *map(str, paths)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return json.loads(run.stdout.splitlines()[-1])
