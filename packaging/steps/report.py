"""What set-up says."""

from __future__ import annotations

import time


class SetupError(Exception):
    """Set-up cannot go on; the message tells the user what to do."""


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)
