"""Whether the program starts when its user logs in: one file a system, chosen here."""

from __future__ import annotations

import sys

from app.start_at_login.command import command

if sys.platform == "win32":
    from app.start_at_login.windows import read, write
elif sys.platform == "darwin":
    from app.start_at_login.macos import read, write
else:
    from app.start_at_login.linux import read, write


def starts_at_login() -> bool:
    """Whether it does, with the command of this installation. Raises OSError where that cannot be read."""
    return read() == command()


def set_start_at_login(on: bool) -> None:
    """Starts at login from now on, or no more. Raises OSError where that cannot be written."""
    write(command() if on else None)
