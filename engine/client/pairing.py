"""Pairing this device with a host, from what `companion-engine pair` has printed there."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import NamedTuple

from engine.client.known_hosts import KnownHost, KnownHosts, system_keyring
from engine.client.pairing_string import Pairing, read
from engine.client.pinning import PinnedContext
from engine.client.remote import RemoteEngine, url_of
from engine.errors import PeerFault
from engine.messages import Hello


class Paired(NamedTuple):
    host: KnownHost
    in_keyring: bool
    """False: the token lies in the data folder, because the system has no keyring."""


async def pair(text: str, folder: Path) -> Paired:
    """Trades the code in `text` for a token of this device, and keeps that. Raises PeerFault for a string or
    a host that is not right, EnvironmentFault when the host cannot be reached or the token cannot be kept."""
    pairing = read(text)
    host = KnownHost(pairing.host, pairing.port, pairing.fingerprint)
    token = await _redeem(host.place, pairing)
    return Paired(host, KnownHosts(folder, system_keyring()).keep(host, token))


async def _redeem(place: str, pairing: Pairing) -> str:
    """The token of this device, for the one-time code."""
    engine = RemoteEngine(url_of(place), pairing.code, ssl=PinnedContext(pairing.fingerprint))
    async with engine:
        welcome = await engine.open(Hello(client=platform.node()))
    if not welcome.device_token:
        raise PeerFault("not-paired", "The host gave no token: make a new pairing string there.")
    return welcome.device_token
