"""Which version this is."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version


def version_text() -> str:
    """The number, and whether it is a bundle."""
    try:
        number = version("ai-companion")
    except PackageNotFoundError:  # run from sources that are not installed
        number = "?"
    return number + (", bundle" if getattr(sys, "frozen", False) else "")
