"""Opens a model of the user's own: from where it lies to a copy in the cache that is safe to load.

    CACHE/<digest of the model's files>/avatar.toml         the user's to change
                                       /<digest of ours>/   what is loaded, complete or not there

Nothing gets its final name before a child process has loaded it: a folder that is there was accepted.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from app.avatar.opening.binding import MODEL, bound_files
from app.avatar.opening.bindings import Bindings, Names, names_of, read_bindings, write_bindings
from app.avatar.opening.guessing import guess
from app.avatar.opening.reading import OpenedModel, read_model
from app.avatar.opening.refused import ModelRefused
from app.avatar.opening.source import opened
from app.avatar.opening.trial import live2d_version, try_out
from engine.errors import EnvironmentFault

BINDINGS = "avatar.toml"
_DIGITS = 32
_MOST_BINDINGS = 2**20


def may_open() -> bool:
    """Whether this build may open models that it did not come with.

    From source it may. Published bundles must not until Live2D's terms for expandable applications are
    settled (docs/licences.md); PyInstaller marks a bundle by this attribute.
    """
    return not getattr(sys, "frozen", False)


def open_model(path: Path, cache: Path) -> Path:
    """Copies the model at `path` (a folder, a zip file or a model3.json) into `cache`, safe to load.

    Returns the path of the copy's model3.json, whose expressions, motions, hit areas and parameters have the
    names the companion knows. Takes seconds: call it from a thread. Raises ModelRefused, and EnvironmentFault
    `file-unusable` when the cache cannot be written, or `live2d-missing`.
    """
    if not may_open():
        raise ModelRefused(
            "not-allowed", "This build shows its own avatar only; run from source to open others."
        )
    with opened(path) as source:
        model = read_model(source)
    try:
        return _cached(model, cache / model.digest[:_DIGITS])
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise EnvironmentFault(
            "file-unusable", f"The folder {cache} cannot be written ({reason})."
        ) from error


def _cached(model: OpenedModel, home: Path) -> Path:
    names = names_of(model)
    file = home / BINDINGS
    bindings = _read(file, names) if file.is_file() else guess(names, model.expressions)
    files = bound_files(model, bindings)
    place = home / _digest(files)
    if not _intact(place, files):
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent, prefix=".trying-") as folder:
            trying = Path(folder) / "model"
            for name, data in files.items():
                target = trying / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            try_out(trying / MODEL)
            home.mkdir(exist_ok=True)
            shutil.rmtree(place, ignore_errors=True)
            _move(trying, place)
    for stale in home.iterdir():
        if stale.is_dir() and stale != place:
            shutil.rmtree(stale)
    if not file.is_file():
        file.write_text(write_bindings(bindings, names), encoding="utf-8", newline="\n")
    return place / MODEL


def _read(file: Path, names: Names) -> Bindings:
    try:
        if file.stat().st_size > _MOST_BINDINGS:
            raise ModelRefused("bad-bindings", f"Delete {file}: it is far too large.")
        return read_bindings(file.read_text(encoding="utf-8-sig"), names)
    except UnicodeDecodeError as error:
        raise ModelRefused("bad-bindings", f"Save {file} as UTF-8, or delete it.") from error


def _digest(files: dict[str, bytes]) -> str:
    """Of what is loaded, and of what it was tried with."""
    digest = hashlib.sha256(live2d_version().encode())
    for name, data in files.items():
        digest.update(f"\n{name}\n{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()[:_DIGITS]


def _intact(place: Path, files: dict[str, bytes]) -> bool:
    """Whether the copy is there as it was written: one that was damaged since would kill as any other."""
    try:
        return all((place / name).read_bytes() == data for name, data in files.items())
    except OSError:
        return False


def _move(trying: Path, place: Path) -> None:
    try:
        trying.rename(place)
    except OSError:
        if not place.is_dir():  # else another program has just put the same there
            raise
