"""Whose token is it? Every way in ends here: this machine's own token, a paired device's, a pairing code."""

from __future__ import annotations

import asyncio
import hmac
import logging
from pathlib import Path
from typing import NamedTuple

from engine.clock import Clock
from engine.errors import CompanionError, EnvironmentFault, PeerFault
from engine.host.addresses import is_loopback
from engine.host.devices import Devices, is_code
from engine.host.guesses import Guesses, guesses_file
from engine.memories import DEFAULT_PROFILE

log = logging.getLogger(__name__)

GUEST_PROFILE = "guest"
"""Of programs of this machine that show no token: they meet nobody's memories but their own."""


class Identity(NamedTuple):
    """Who a client is."""

    profile: str
    """Whose memory it meets."""
    device: str = ""
    """Id of the paired device; empty for a program of this machine."""
    new_token: str = ""
    """The token of a device that has been paired just now."""


GUEST = Identity(GUEST_PROFILE)


class Admission:
    """The tokens of one host."""

    def __init__(self, folder: Path, own_token: str, clock: Clock, *, devices: bool = True) -> None:
        """`own_token` opens the default profile to programs of this machine. Without `devices` nobody else is
        known. Raises EnvironmentFault when what is kept of guesses cannot be read."""
        self._own_token = own_token
        self._clock = clock
        self._devices = Devices(folder, clock) if devices else None
        self._guesses_file = guesses_file(folder)
        self._guesses = Guesses(self._guesses_file.read())

    async def identify(self, token: str, source: str, client: str) -> Identity:
        """The client at address `source` with `token`. Raises PeerFault `not-authorised` or `pairing-failed`,
        after a while for who has guessed often."""
        if not token:
            raise PeerFault("not-authorised", "A token is needed: see `companion-engine pair`.")
        if delay := self._guesses.delay_s(source, self._clock.wall_ms()):
            await asyncio.sleep(delay)
        if is_loopback(source) and hmac.compare_digest(token.encode(), self._own_token.encode()):
            return Identity(DEFAULT_PROFILE)
        try:
            if identity := await asyncio.to_thread(self._look_up, token, client):
                return identity
        except PeerFault:
            await self._note_failure(source)
            raise
        await self._note_failure(source)
        raise PeerFault("not-authorised", "That token is not known here: pair this device again.")

    async def revoked(self, devices: set[str]) -> set[str]:
        """Those of `devices` that are paired no more."""
        if self._devices is None or not devices:
            return set()
        try:
            known = await asyncio.to_thread(self._devices.list)
        except EnvironmentFault as error:  # who is let in already stays, until it is known that he must not
            log.warning("the list of devices cannot be read: %s", error)
            return set()
        return devices - {device.id for device in known}

    def _look_up(self, token: str, client: str) -> Identity | None:
        if self._devices is None:
            return None
        if is_code(token):
            device, new_token = self._devices.redeem(token, client)
            log.info("paired device=%s profile=%s", device.id, device.profile)
            return Identity(device.profile, device.id, new_token)
        device = self._devices.find(token)
        return Identity(device.profile, device.id) if device else None

    async def _note_failure(self, source: str) -> None:
        self._guesses.failed(source, self._clock.wall_ms())
        log.info("refused a token from %s", source)
        kept = self._guesses.kept
        try:
            await asyncio.to_thread(self._guesses_file.change, lambda _: (kept, None))
        except CompanionError as error:
            log.warning("failed guesses cannot be kept: %s", error)
