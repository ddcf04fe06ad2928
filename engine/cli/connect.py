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
from engine.cli.opening import load_settings, start_log
from engine.client.known_hosts import KnownHost, KnownHosts, system_keyring
from engine.client.pairing_string import Pairing, read
from engine.client.pinning import PinnedContext
from engine.client.remote import RemoteEngine, url_of
from engine.errors import PeerFault
from engine.fingerprint import in_groups
from engine.messages import Hello
from engine.notices import notice, system_language


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "pairing", metavar="PAIRING", help="the string, in quotes; - reads it from the keyboard"
    )


def run(arguments: argparse.Namespace, env: Mapping[str, str]) -> int:
    """Returns 0. Raises PeerFault for a string or a host that is not right, EnvironmentFault when the host
    cannot be reached or the device's token cannot be kept."""
    text = input("Pairing string: ") if arguments.pairing == "-" else arguments.pairing
    pairing = read(text)
    settings = load_settings(env)
    folder = config.data_dir(env)
    start_log(folder, settings.general.log_level, "client")
    console = Console(highlight=False)
    host = KnownHost(pairing.host, pairing.port, pairing.fingerprint)
    token = asyncio.run(_redeem(host, pairing))
    safe = KnownHosts(folder, system_keyring()).keep(host, token)
    console.print(f"Paired with {host.place}.", markup=False)
    console.print(f"Fingerprint: {in_groups(host.fingerprint)}", style="dim", markup=False)
    if not safe:
        language = settings.general.language
        note = notice("token-in-file", language if language != "auto" else system_language())
        console.print(f"· {note.message}", style="dim", markup=False)
    console.print("Talk to it: companion-engine chat --engine remote", markup=False)
    return 0


async def _redeem(host: KnownHost, pairing: Pairing) -> str:
    """The token of this device, for the one-time code."""
    ssl = PinnedContext(host.fingerprint)
    async with RemoteEngine(url_of(host.place), pairing.code, ssl=ssl) as engine:
        welcome = await engine.open(Hello(client=platform.node()))
    if not welcome.device_token:
        raise PeerFault("not-paired", "The host gave no token: make a new pairing string there.")
    return welcome.device_token
