"""Shows and changes settings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from engine import config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("show", help="every setting, its value, and where the value comes from")
    actions.add_parser("path", help="where the config file is (or would be)")
    change = actions.add_parser("set", help="changes one setting in the config file")
    change.add_argument("key", metavar="KEY", help="for example tts.rate")
    change.add_argument("value", metavar="VALUE")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises ConfigFault for a key or value that cannot be."""
    path = config.config_path(env)
    match arguments.action:
        case "show":
            sys.stdout.write(config.show(config.resolve(env, path)) + "\n")
        case "path":
            sys.stdout.write(f"{path}\n")
        case "set":
            config.set_value(path, arguments.key, arguments.value)
            sys.stdout.write(f"{arguments.key} = {arguments.value} (in {path})\n")
    return 0
