"""A model loaded into live2d, with the traps of its interface closed.

The file must have been checked before: live2d ends the process on a bad one. An OpenGL context with `glInit`
done must be current when a LiveModel is made, drawn or let go of.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from app.avatar.actor import Area
from app.avatar.description import Range
from app.avatar.live2d_setup import live2d, start, stdout_to_stderr
from app.avatar.touch import covers, touch_areas
from engine.errors import EnvironmentFault

_FIRST_WITH_BLEND_MODES = 6


def ranges(path: Path) -> dict[str, Range]:
    """The range of every parameter of a model, read without OpenGL. Raises EnvironmentFault if it is gone."""
    model = _load(path, drawable=False)
    return {
        name: Range(
            minimum=model.GetParamMinById(name),
            default=model.GetParamDefaultById(name),
            maximum=model.GetParamMaxById(name),
        )
        for name in model.GetParamIds()
    }


def needs_blend_modes(path: Path) -> bool:
    """Whether a model may use the blend modes of Cubism 5.3: its moc3 is of version 6 or later. Raises
    OSError and ValueError for files that are not a model."""
    moc = json.loads(path.read_text(encoding="utf-8"))["FileReferences"]["Moc"]
    with (path.parent / moc).open("rb") as file:
        return file.read(5)[4] >= _FIRST_WITH_BLEND_MODES


class LiveModel:
    """One model that can be drawn. Raises EnvironmentFault if its file is gone."""

    def __init__(self, path: Path) -> None:
        self._model = _load(path, drawable=True)
        self._meshes = {name: number for number, name in enumerate(self._model.GetDrawableIds())}
        self._areas = [area for area in touch_areas(path) if area.mesh in self._meshes]
        self._index = {name: index for index, name in enumerate(self._model.GetParamIds())}

    def resize(self, width: int, height: int) -> None:
        """Fits the whole canvas into `width` x `height` logical pixels, standing on the lower edge.

        By itself live2d fits the height or, for a canvas wider than one unit in a widget higher than wide,
        the width; it centres the canvas and cuts the rest.
        """
        model = self._model
        self._size = width, height
        model.Resize(width, height)
        model.SetScale(1.0)
        canvas_width, canvas_height = model.GetCanvasSize()
        across, up, _ = self._projection()
        model.SetScale(1 / max(across * canvas_width / 2, up * canvas_height / 2))
        model.SetOffset(0.0, 1.0)
        _, up, one = self._projection()
        model.SetOffset(0.0, (up * canvas_height / 2 - 1) / one)

    def pose(self, values: Mapping[str, float], dt: float) -> None:
        """Sets the parameters (those not named have their defaults) and moves hair and clothes on by `dt`
        seconds. A value that is no number counts as not named: it would make the picture vanish.

        These are the stages of live2d's Update without those that are the actor's: motion, blink, breath.
        """
        self._model.LoadParameters()  # the defaults: nothing was ever saved
        for name, value in values.items():
            index = self._index.get(name)
            if index is not None and math.isfinite(value):
                self._model.SetParamByIndex(index, value)
        self._model.UpdatePhysics(dt)
        self._model.UpdatePose(dt)

    def draw(self) -> None:
        """Draws the pose, premultiplied by alpha, over what is there."""
        self._model.Draw()

    def area_at(self, x: float, y: float) -> Area | None:
        """What a touch at a point (logical pixels) touches, as last drawn."""
        width, height = self._size
        across, up, lifted = self._projection()
        model_x, model_y = (2 * x / width - 1) / across, (1 - 2 * y / height - lifted) / up
        for area, mesh in self._areas:
            number = self._meshes[mesh]
            vertices = np.reshape(self._model.GetDrawableVertices(number), (-1, 2))
            triangles = np.reshape(self._model.GetDrawableIndices(number), (-1, 3))
            if covers(vertices, triangles, model_x, model_y):
                return area
        return None

    def _projection(self) -> tuple[float, float, float]:
        """How wide and how high a unit of the model is drawn, and how much above the middle, where the widget
        is 2 wide and 2 high."""
        matrix = self._model.GetMvp()
        return matrix[0], matrix[5], matrix[13]


def _load(path: Path, drawable: bool) -> live2d.Model:
    if not path.is_file():
        raise EnvironmentFault(
            "avatar-missing",
            f"The avatar's file {path} is missing. Run `python3 packaging/bootstrap.py setup --with "
            "desktop`, which makes the built-in one, or name another.",
        )
    start()
    model = live2d.Model()
    with stdout_to_stderr():
        model.LoadModelJson(str(path), drawable)
    return model
