"""Starts the companion: on the desktop, or, where there is none, in the terminal."""

from __future__ import annotations

import argparse
import os
import sys

from engine.cli import main as engine_main
from engine.version import version_text


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="companion", description="A companion on your desktop.")
    parser.add_argument(
        "--terminal",
        action="store_true",
        help="converse in the terminal; what follows are options of `companion-engine chat`",
    )
    parser.add_argument("--version", action="version", version=version_text())
    arguments, others = parser.parse_known_args()
    if not arguments.terminal:
        if others:
            parser.error(f"unknown: {' '.join(others)}")
        try:
            from app.desktop import run
        except ImportError as error:  # the group `desktop` is not installed, or Qt lacks a library
            reason: str | None = f"The desktop part is not installed ({error})."
        else:
            status = run(os.environ)
            if isinstance(status, int):
                return status
            reason = status
        print(f"{reason}\nSo we talk here, in the terminal.\n", file=sys.stderr)
    return engine_main(["chat", *others])


if __name__ == "__main__":
    sys.exit(main())
