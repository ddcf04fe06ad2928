"""The process that loads a user's model first: `python -m app.avatar.probe MODEL3`.

It lets the core do everything that the companion will ever ask of it, and exits with 0 if it survives. The
core places vertices only when a model is loaded or drawn, and drawing needs a display; so the extremes of the
parameters are tried by loading the moc3 file with those as its defaults.
"""

from __future__ import annotations

import contextlib
import math
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

with contextlib.redirect_stdout(None):
    import live2d

from app.avatar.opening.moc import Moc, read_moc

CORNERS = 6
"""Combinations of extremes that are tried besides all lowest and all highest."""
STEPS = 20
STEP_S = 0.1
ONLY_MOC = """{
 "Version": 3,
 "FileReferences": {
  "Moc": "extreme.moc3",
  "Textures": []
 }
}
"""


def main(path: Path) -> int:
    """Returns 0, or 1 if the core finds the model inconsistent, or places a vertex nowhere. May well end by a
    signal instead."""
    _no_core_dump()
    live2d.enableLog(False)
    live2d.init()
    model = _loaded(path)
    if not model.HasMocConsistencyFromFile("avatar.moc3"):
        return 1
    moc = read_moc((path.parent / "avatar.moc3").read_bytes(), "avatar.moc3")
    for values in _extremes(moc):
        _act(model, values)
    return 0 if _stands(path, moc) else 1


def _loaded(path: Path) -> live2d.Model:
    model = live2d.Model()
    model.LoadModelJson(str(path), False)
    return model


def _extremes(moc: Moc) -> Iterator[list[float]]:
    ranges = [(parameter.minimum, parameter.maximum) for parameter in moc.parameters]
    yield [low for low, _ in ranges]
    yield [high for _, high in ranges]
    lots = random.Random(0)
    for _ in range(CORNERS):
        yield [lots.choice(both) for both in ranges]


def _act(model: live2d.Model, values: list[float]) -> None:
    """Plays every expression and motion, with physics, starting from these values."""
    for index, value in enumerate(values):
        model.SetSaveParamByIndex(index, value)
    for name in model.GetExpressions():
        model.SetExpression(name)
        _step(model, 1)
    for group, count in model.GetMotionGroups().items():
        for number in range(count):
            model.StartMotion(group, number)
            _step(model, 2)
    _step(model, STEPS)


def _step(model: live2d.Model, steps: int) -> None:
    for _ in range(steps):
        model.Update(STEP_S)


def _stands(path: Path, moc: Moc) -> bool:
    """Whether every vertex is somewhere at every extreme."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        extreme = Path(folder) / "extreme.model3.json"
        extreme.write_text(ONLY_MOC, encoding="utf-8")
        for values in _extremes(moc):
            extreme.with_name("extreme.moc3").write_bytes(moc.with_defaults(values))
            model = _loaded(extreme)
            meshes = range(len(model.GetDrawableIds()))
            if not all(map(math.isfinite, (v for mesh in meshes for v in model.GetDrawableVertices(mesh)))):
                return False
    return True


def _no_core_dump() -> None:
    if sys.platform != "win32":  # where there is neither the module nor the dump
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
