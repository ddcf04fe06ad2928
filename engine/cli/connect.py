"""Pairs with a host on another machine: takes in what `companion-engine pair` has printed there.

Afterwards `companion-engine chat --engine remote` talks to it.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping

from rich.console import Console

from engine import config
from engine.cli.opening import load_settings
from engine.client.pairing_string import read
from engine.fingerprint import in_groups
from engine.log_file import start_log
from engine.notices import notice
from engine.runtime import language_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pairing", metavar="PAIRING", nargs="?", help="the string, in quotes; without it you are asked"
    )


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises PeerFault for a string or a host that is not right, EnvironmentFault when the host
    cannot be reached or the device's token cannot be kept."""
    # Imported here: nobody else shall wait for its libraries.
    from engine.client.pairing import keep, redeem

    pairing = read(arguments.pairing or input("Pairing string: "))
    settings = load_settings(env)
    folder = config.data_dir(env)
    start_log(folder, settings.general.log_level, "client")
    host, safe = keep(folder, pairing, asyncio.run(redeem(pairing)))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Paired with {host.place}.", markup=False)
    console.print(f"Its fingerprint: {in_groups(host.fingerprint)}", style="dim", markup=False)
    if not safe:
        note = notice("token-in-file", language_for(settings), host=host.place)
        console.print(f"· {note.message}", style="dim", markup=False)
    console.print("Talk to it: companion-engine chat --engine remote", markup=False)
    return 0
