"""Pairs with a host on another machine: takes in what `companion-engine pair` has printed there.

Afterwards `companion-engine chat --engine remote` talks to it.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
from collections.abc import Mapping

from rich.console import Console

from engine import config
from engine.cli.opening import load_settings
from engine.client.pairing_string import Pairing, read
from engine.errors import PeerFault
from engine.fingerprint import in_groups
from engine.log_file import start_log
from engine.messages import Hello
from engine.notices import notice
from engine.runtime import language_for


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pairing", metavar="PAIRING", nargs="?", help="the string, in quotes; without it you are asked"
    )


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises PeerFault for a string or a host that is not right, EnvironmentFault when the host
    cannot be reached or the device's token cannot be kept."""
    from engine.client.known_hosts import KnownHost, KnownHosts, system_keyring

    pairing = read(arguments.pairing or input("Pairing string: "))
    settings = load_settings(env)
    folder = config.data_dir(env)
    start_log(folder, settings.general.log_level, "client")
    host = KnownHost(pairing.host, pairing.port, pairing.fingerprint)
    token = asyncio.run(_redeem(host.place, pairing))
    safe = KnownHosts(folder, system_keyring()).keep(host, token)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Paired with {host.place}.", markup=False)
    console.print(f"Its fingerprint: {in_groups(host.fingerprint)}", style="dim", markup=False)
    if not safe:
        note = notice("token-in-file", language_for(settings), host=host.place)
        console.print(f"· {note.message}", style="dim", markup=False)
    console.print("Talk to it: companion-engine chat --engine remote", markup=False)
    return 0


async def _redeem(place: str, pairing: Pairing) -> str:
    """The token of this device, for the one-time code."""
    from engine.client.pinning import PinnedContext
    from engine.client.remote import RemoteEngine, url_of

    engine = RemoteEngine(url_of(place), pairing.code, ssl=PinnedContext(pairing.fingerprint))
    async with engine:
        welcome = await engine.open(Hello(client=platform.node()))
    if not welcome.device_token:
        raise PeerFault("not-paired", "The host gave no token: make a new pairing string there.")
    return welcome.device_token
