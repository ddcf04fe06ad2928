"""Keeps the key of a language model server in this system's keyring; with an empty key, forgets it."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Mapping

from engine.keyrings import keep_secret
from engine.llm.server_api import base_url


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("server", metavar="SERVER", help="its address, as in the setting llm.server")


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises EnvironmentFault `no-keyring`."""
    server = base_url(arguments.server)
    key = getpass.getpass(f"Key of {server}: ") if sys.stdin.isatty() else sys.stdin.readline()
    keep_secret(server, key.strip())
    print(f"{'Kept' if key.strip() else 'Forgotten'}: the key of {server}.")
    return 0
