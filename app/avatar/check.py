"""Tells whether a Live2D model is safe to open: exit status 0; else 1, and why on stderr."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from app.avatar.opening.opening import open_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="a folder, a zip file or a model3.json")


def run(arguments: argparse.Namespace) -> int:
    """Opens the model in a cache that is thrown away. Raises what `open_model` raises."""
    with tempfile.TemporaryDirectory(prefix="avatar-check-") as cache:
        open_model(arguments.model, Path(cache))
    print(f"{arguments.model} is safe to open.")
    return 0
