"""Commands for avatars: `python -m app.avatar --help`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.avatar.check import check


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit status (2 for wrong arguments)."""
    parser = argparse.ArgumentParser(prog="python -m app.avatar", description="Commands for avatars.")
    commands = parser.add_subparsers(dest="command", required=True)
    checking = commands.add_parser("check", help="whether a Live2D model is safe to open (exit status 0)")
    checking.add_argument("model", type=Path, help="a folder, a zip file or a model3.json")
    chosen = parser.parse_args(arguments)
    return check(chosen.model)


if __name__ == "__main__":
    sys.exit(main())
