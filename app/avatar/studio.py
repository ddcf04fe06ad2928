"""A place to draw for commands: the model they were given, and a widget that is never shown."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.avatar.display import why_not
from engine.assets import asset_path
from engine.errors import EnvironmentFault


def add_model_option(parser: argparse.ArgumentParser) -> None:
    """`--model MODEL`; without it the built-in avatar."""
    parser.add_argument(
        "--model",
        type=Path,
        metavar="MODEL",
        default=asset_path("avatar", "rio", "rio.model3.json"),
        help="a model3.json (default: the built-in avatar)",
    )


@contextmanager
def drawing() -> Iterator[None]:
    """Qt and live2d, ready to draw with meanwhile. Raises EnvironmentFault where there is no OpenGL."""
    if reason := why_not():
        raise EnvironmentFault("no-opengl", reason)
    from PySide6.QtWidgets import QApplication

    from app.avatar.live2d_setup import prepare

    prepare()
    application = QApplication([])
    try:
        yield
    finally:
        application.shutdown()
