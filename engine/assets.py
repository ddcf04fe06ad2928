"""Where the files that ship beside the code lie: the checkout's `assets/`, or the bundle's."""

from __future__ import annotations

import sys
from pathlib import Path


def asset_path(*parts: str) -> Path:
    """Path of a shipped file, e.g. `asset_path("persona", "rio.toml")`; it is not checked to exist.

    PyInstaller unpacks its data below `sys._MEIPASS`; everywhere else the folder lies beside the package.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent
    return root.joinpath("assets", *parts)
