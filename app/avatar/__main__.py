"""The avatar, from the terminal: `python -m app.avatar COMMAND` (`--help` lists them)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from engine.errors import CompanionError


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code, 1 if something on this machine must be put right."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except CompanionError as error:
        print(error.message, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    # Imported here: `--help` should not wait for Qt.
    from app.avatar import bench, check, sheet

    parser = argparse.ArgumentParser(
        prog="python -m app.avatar", description="The avatar, from the terminal."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in (("check", check), ("sheet", sheet), ("bench", bench)):
        description = (module.__doc__ or "").strip()
        command = commands.add_parser(name, help=description.splitlines()[0], description=description)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
