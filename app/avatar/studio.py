"""A place to draw for commands: the model they were given, made safe to load, and Qt without a window."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.avatar.display import why_not
from app.avatar.opening.opening import open_model
from engine.assets import asset_path
from engine.errors import EnvironmentFault

BUILT_IN = ("avatar", "rio", "rio.model3.json")


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """`--model MODEL`; without it the built-in avatar."""
    parser.add_argument(
        "--model",
        type=Path,
        metavar="MODEL",
        help="a folder, a zip file or a model3.json (default: the built-in avatar)",
    )


@contextmanager
def drawing(model: Path | None) -> Iterator[Path]:
    """Meanwhile Qt can draw, and the model (None: the built-in one) lies, safe to load, at the path given.

    Raises EnvironmentFault where there is no OpenGL, and what `open_model` raises.
    """
    if reason := why_not():
        raise EnvironmentFault("no-opengl", reason)
    from PySide6.QtWidgets import QApplication

    from app.avatar.live2d_setup import prepare

    with tempfile.TemporaryDirectory(prefix="avatar-drawing-") as cache:
        path = open_model(model, Path(cache)) if model else asset_path(*BUILT_IN)
        prepare()
        application = QApplication([])
        try:
            yield path
        finally:
            application.shutdown()
