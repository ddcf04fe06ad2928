"""Starts the companion: for now, a conversation in the terminal."""

import sys

from engine.cli import main as engine_main


def main() -> int:
    """Runs `companion-engine chat` with this command's arguments; returns the exit status."""
    return engine_main(["chat", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
