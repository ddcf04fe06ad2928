"""The terminal: `companion-engine COMMAND` (`--help` lists them)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from engine.errors import CompanionError, PeerFault
from engine.version import version_text

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 1 (something on this machine must be put right) or 2
    (what was asked for cannot be used)."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments, os.environ)
    except CompanionError as error:
        stderr = Console(stderr=True, highlight=False, soft_wrap=True)
        stderr.print(error.message, style="red", markup=False, end=" ")
        stderr.print(f"({error.code})", style="dim", markup=False)
        return 2 if isinstance(error, PeerFault) else 1
    except KeyboardInterrupt:
        if sys.stderr.isatty():
            sys.stderr.write("\n")  # behind the ^C of the terminal
        return _INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    # Imported here: `--help` and `config` should not wait for the engine.
    from engine.cli import bench, chat, config_command, connect, devices, doctor, key, pair, serve, talk

    parser = argparse.ArgumentParser(
        prog="companion-engine", description="The engine of AI Companion, from the terminal."
    )
    parser.add_argument("--version", action="version", version=version_text())
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, module in (
        ("chat", chat),
        ("talk", talk),
        ("serve", serve),
        ("pair", pair),
        ("devices", devices),
        ("connect", connect),
        ("key", key),
        ("doctor", doctor),
        ("config", config_command),
        ("bench", bench),
    ):
        description = (module.__doc__ or "").strip()
        command = commands.add_parser(name, help=description.splitlines()[0], description=description)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
