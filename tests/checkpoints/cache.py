"""Keeps what is slow to make under the hash of its recipe: another recipe is made anew."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs
from filelock import FileLock

FOLDER_VARIABLE = "TINY_CHECKPOINTS"


def cached(name: str, sources: list[Path], make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled: now, or when `sources` were last as they are. Two programs never make
    the same one at once, and what was not finished does not count."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()[:16]
    shelf = Path(os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_path("ai-companion-checkpoints"))
    shelf.mkdir(parents=True, exist_ok=True)
    folder = shelf / f"{name}-{digest}"
    with FileLock(shelf / f"{name}.lock"):
        if not folder.exists():
            for old in shelf.glob(f"{name}-*"):
                shutil.rmtree(old)
            making = Path(tempfile.mkdtemp(prefix=f"making-{name}-", dir=shelf))
            try:
                make(making)
                making.rename(folder)
            finally:
                shutil.rmtree(making, ignore_errors=True)
    return folder
