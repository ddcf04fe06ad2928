"""The data folder: one holder at a time, readable by its user alone."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from filelock import FileLock, Timeout

from engine.errors import EnvironmentFault


class FolderLock:
    """Holds `folder` for this process until `release`. The lock dies with its process: none is ever stale."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder and takes it.

        Raises EnvironmentFault `data-folder-in-use` (naming the holder's process), `data-folder-read-only`,
        `disk-full` or `data-folder-unusable`.
        """
        # Windows lets nobody read a locked file: the holder's number stands beside it.
        self._holder = folder / "lock.pid"
        self._lock = FileLock(folder / "lock", timeout=0, mode=0o600, thread_local=False)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
            self._holder.write_text(str(os.getpid()), encoding="ascii")
            if os.name == "posix":
                folder.chmod(0o700)
                self._holder.chmod(0o600)
        except Timeout as error:
            raise EnvironmentFault(
                "data-folder-in-use",
                f"The data folder {folder} is in use by {_process(self._holder)}: close that program first, "
                "or choose another folder.",
            ) from error
        except OSError as error:
            self._lock.release()
            raise _folder_fault(folder, error) from error

    def release(self) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()


def make_private(folder: Path) -> None:
    """Folders 0700 and files 0600, whatever the umask says (POSIX; on Windows the user folder is private)."""
    if os.name != "posix":
        return
    folder.chmod(0o700)
    for root, folders, files in os.walk(folder):
        for name in folders:
            (Path(root) / name).chmod(0o700)
        for name in files:
            (Path(root) / name).chmod(0o600)


def _process(holder: Path) -> str:
    try:
        return f"process {int(holder.read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"


def _folder_fault(folder: Path, error: OSError) -> EnvironmentFault:
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return EnvironmentFault(
            "data-folder-read-only",
            f"The data folder {folder} cannot be written: allow writing there, or choose another folder.",
        )
    if error.errno == errno.ENOSPC:
        return EnvironmentFault("disk-full", f"There is no room left in {folder}: free some disk space.")
    return EnvironmentFault(
        "data-folder-unusable", f"The data folder {folder} cannot be used ({error.strerror}): choose another."
    )
