"""A model loaded into live2d, with the traps of its interface closed.

The file must have been checked before: live2d ends the process on a bad one. An OpenGL context with `glInit`
done must be current when a LiveModel is made, drawn or let go of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from app.avatar.actor import Area
from app.avatar.description import Range
from app.avatar.live2d_setup import live2d, start, stdout_to_stderr
from engine.errors import EnvironmentFault

_AREAS: dict[str, Area] = {"HandL": "hand", "HandR": "hand", "Head": "head", "Body": "body"}
"""Hit areas of a model, those in front first: a hand may be over the face, the head is over the body."""


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


class LiveModel:
    """One model that can be drawn. Raises EnvironmentFault if its file is gone."""

    def __init__(self, path: Path) -> None:
        self._model = _load(path, drawable=True)
        self._index = {name: index for index, name in enumerate(self._model.GetParamIds())}

    def resize(self, width: int, height: int) -> None:
        """Fits the whole canvas into `width` x `height` logical pixels."""
        self._model.Resize(width, height)
        self._model.SetScale(fit(width, height, *self._model.GetCanvasSizePixel()))

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
        return next((area for name, area in _AREAS.items() if self._model.IsAreaHit(name, x, y)), None)


def fit(width: float, height: float, canvas_width: float, canvas_height: float) -> float:
    """The scale at which the canvas fits: live2d fits the height only, and a narrow widget cuts the sides."""
    return min(1.0, (width / height) / (canvas_width / canvas_height))


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
