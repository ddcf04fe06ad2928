"""Loads a model in a child process first: what kills the core kills only that."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

from app.avatar.opening.refused import ModelRefused
from engine.errors import EnvironmentFault

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
    # -P: nothing of the folder we happen to be in is imported, which may well be the model's.
    command = [sys.executable, "-P", "-m", "app.avatar.probe", str(model3)]
    no_window = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # exists on Windows only
    quiet = subprocess.DEVNULL
    try:
        run = subprocess.run(
            command,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=deadline_s,
            creationflags=no_window,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ModelRefused("crashes", "The model keeps the Live2D core busy without end.") from error
    if run.returncode:
        raise ModelRefused(
            "crashes", f"The Live2D core cannot use this model: it ended with exit status {run.returncode}."
        )
