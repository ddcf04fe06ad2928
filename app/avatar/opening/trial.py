"""Loads a model in a child process first: what kills the core kills only that."""

from __future__ import annotations

import importlib.metadata
import subprocess
from pathlib import Path

from app.avatar.opening.refused import ModelRefused
from engine.errors import EnvironmentFault
from engine.program import NO_WINDOW, command_of

DEADLINE_S = 60.0
"""A model needs a second or two; the largest on a slow machine, some more."""


def live2d_version() -> str:
    """Raises EnvironmentFault `live2d-missing`."""
    try:
        return importlib.metadata.version("live2d-py")
    except importlib.metadata.PackageNotFoundError as error:
        raise EnvironmentFault(
            "live2d-missing",
            "The package live2d-py is missing: run `python3 packaging/bootstrap.py setup --with desktop`.",
        ) from error


def try_out(model3: Path, deadline_s: float = DEADLINE_S) -> None:
    """Returns if the process that loaded the model came to a good end.

    Raises ModelRefused `crashes` if not.
    """
    quiet = subprocess.DEVNULL
    try:
        run = subprocess.run(
            command_of("app.avatar.probe", str(model3)),
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=deadline_s,
            creationflags=NO_WINDOW,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelRefused("crashes", "The model keeps the Live2D core busy without end.") from error
    if run.returncode:
        raise ModelRefused(
            "crashes", f"The Live2D core cannot use this model: it ended with exit status {run.returncode}."
        )
