"""Whether the program starts when its user logs in: one file a system, chosen here."""

from __future__ import annotations

import sys

from app.start_at_login.command import command
from engine.errors import EnvironmentFault

if sys.platform == "win32":
    from app.start_at_login.windows import write
elif sys.platform == "darwin":
    from app.start_at_login.macos import write
else:
    from app.start_at_login.linux import write


def set_start_at_login(on: bool) -> None:
    """Starts at login from now on, with the command of this installation, or no more. Raises EnvironmentFault
    `start-at-login` where that cannot be written."""
    try:
        write(command() if on else None)
    except OSError as error:
        raise EnvironmentFault(
            "start-at-login",
            f"What starts at login cannot be changed ({error}); use the settings of your system for it.",
        ) from error
