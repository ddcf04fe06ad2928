"""Pairs this device with a host: the one-time code buys a token, and the host is known from then on."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import NamedTuple

from engine.client.known_hosts import KnownHost, KnownHosts
from engine.client.pairing_string import Pairing
from engine.client.pinning import PinnedContext
from engine.client.remote import RemoteEngine, url_of
from engine.errors import PeerFault
from engine.keyrings import system_keyring
from engine.messages import Hello


class Paired(NamedTuple):
    """A host that is known now."""

    host: KnownHost
    safe: bool
    """False: there is no keyring, and the user is owed the notice `token-in-file`."""


async def redeem(pairing: Pairing) -> str:
    """The token of this device, for the code, which works no more. Raises PeerFault for a host that is not
    the right one or refuses, EnvironmentFault when it cannot be reached. May be cancelled."""
    url = url_of(_host(pairing).place)
    async with RemoteEngine(url, pairing.code, ssl=PinnedContext(pairing.fingerprint)) as engine:
        welcome = await engine.open(Hello(client=platform.node()))
    if not welcome.device_token:
        raise PeerFault("not-paired", "The host gave no token: make a new pairing string there.")
    return welcome.device_token


def keep(folder: Path, pairing: Pairing, token: str) -> Paired:
    """Knows the host from now on, in the data folder. The keyring may ask its user to unlock it. Raises
    EnvironmentFault as KnownHosts does."""
    host = _host(pairing)
    return Paired(host, KnownHosts(folder, system_keyring()).keep(host, token))


def _host(pairing: Pairing) -> KnownHost:
    return KnownHost(pairing.host, pairing.port, pairing.fingerprint)
