"""Whether the program starts when its user logs in: one file a system, chosen here."""

from __future__ import annotations

import sys

from app.start_at_login.command import command
from engine.errors import EnvironmentFault

if sys.platform == "win32":
    from app.start_at_login.windows import read, write
elif sys.platform == "darwin":
    from app.start_at_login.macos import read, write
else:
    from app.start_at_login.linux import read, write


def starts_at_login() -> bool:
    """Whether it does, with the command of this installation. Raises EnvironmentFault `login-unreadable`."""
    try:
        return read() == command()
    except OSError as error:
        raise EnvironmentFault(
            "login-unreadable", f"What starts at login cannot be found out ({_reason(error)})."
        ) from error


def set_start_at_login(on: bool) -> None:
    """Starts at login from now on, or no more. Raises EnvironmentFault `login-unwritable`."""
    try:
        write(command() if on else None)
    except OSError as error:
        raise EnvironmentFault(
            "login-unwritable",
            f"What starts at login cannot be changed ({_reason(error)}): see what your system forbids.",
        ) from error


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
