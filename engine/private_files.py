"""Small files that concern the user alone: private (0600), replaced in one step, changed by one at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec
from filelock import FileLock, Timeout

from engine.errors import EnvironmentFault

T = TypeVar("T")
R = TypeVar("R")

LOCK_TIMEOUT_S = 5.0
"""Longest wait for another program that changes the same file; each needs milliseconds."""


def make_folder(folder: Path) -> None:
    """Makes a private folder (0700), and those above it that are missing. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def replace(path: Path, data: bytes) -> None:
    """Makes `path` a private file with `data`: a crash leaves the old file or the new one, never half of it.

    Missing folders are made, private too. On Windows privacy comes from the user's folder. Raises OSError.
    """
    target = path.resolve()  # a link stays a link
    make_folder(target.parent)
    # The library makes the file 0600, whatever the umask.
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows does not replace by an open file
            Path(file.name).replace(target)
        except OSError:
            file.close()
            Path(file.name).unlink()
            raise


class PrivateJson(Generic[T]):
    """One struct, kept as JSON in one file, which several programs may read and change at the same time.

    Every method raises EnvironmentFault `file-damaged` when the file is not what it should be (it is then
    left as it is), `file-unusable` when it cannot be read or written, `file-busy` when another program does
    not let go of it.
    """

    def __init__(self, path: Path, kind: type[T]) -> None:
        """`kind` is the struct; what it is without arguments is what a missing file means."""
        self._path = path
        self._kind = kind

    def read(self) -> T:
        """What the file holds now."""
        try:
            if not self._path.exists():  # and needs no lock, nor a folder to put it in
                return self._kind()
        except OSError as error:
            raise self._unusable(error) from error
        return self._locked(self._read)

    def change(self, step: Callable[[T], tuple[T, R]]) -> R:
        """Replaces what the file holds by the first value of `step`, and returns the second. What is equal
        is not written again; an exception of `step` leaves the file as it is."""

        def run() -> R:
            old = self._read()
            new, answer = step(old)
            if new != old:
                replace(self._path, msgspec.json.format(msgspec.json.encode(new), indent=1))
            return answer

        return self._locked(run)

    def _locked(self, work: Callable[[], R]) -> R:
        # Readers take the lock too: Windows does not replace a file that somebody reads.
        lock = FileLock(self._path.with_name(self._path.name + ".lock"), timeout=LOCK_TIMEOUT_S, mode=0o600)
        try:
            make_folder(self._path.parent)
            with lock:
                return work()
        except Timeout as error:
            message = f"{self._path} is in use by another program; close that one, or try again."
            raise EnvironmentFault("file-busy", message) from error
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> EnvironmentFault:
        message = f"{self._path} cannot be used ({error.strerror}); check the disk and its permissions."
        return EnvironmentFault("file-unusable", message)

    def _read(self) -> T:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=self._kind)
        except FileNotFoundError:
            return self._kind()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise EnvironmentFault(
                "file-damaged",
                f"{self._path} is damaged, or of a newer version. It was left as it is: put a backup in its "
                "place, or delete it to begin anew.",
            ) from error
