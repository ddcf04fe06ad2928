"""`python -m app.avatar check MODEL`: would this model be opened?"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from app.avatar.opening.opening import open_model
from engine.errors import CompanionError

SAFE, REFUSED = 0, 1


def check(model: Path) -> int:
    """Opens `model` in a cache that is thrown away; tells on stderr why it is refused. Returns the
    exit status."""
    try:
        with tempfile.TemporaryDirectory(prefix="avatar-check-") as cache:
            open_model(model, Path(cache))
    except CompanionError as error:
        print(error.message, file=sys.stderr)
        return REFUSED
    print(f"{model} is safe to open.")
    return SAFE
