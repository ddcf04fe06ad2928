"""Guessing slows down: who failed often has to wait before the next attempt is even looked at.

`Guesses` is pure: times come in, as milliseconds since 1970 (they must mean something after a restart). A
source is what one guesser has only one of: an IPv4 address, an IPv6 network of 64 bits, or this machine.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal

import msgspec

from engine.host.addresses import canonical
from engine.private_files import PrivateJson

FREE_FAILURES = 10
QUIET_MS = 5 * 60 * 1000
"""Without a failure for so long, a source is forgiven."""
LONGEST_S = 60.0
LONGEST_LOCAL_S = 4.0
"""Another program of this machine must not be able to lock its user out."""
MOST_SOURCES = 1024

LOCAL = "local"


class Failures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one source."""

    count: int = 0
    last_ms: int = 0


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known, oldest first."""

    version: Literal[1] = 1
    sources: dict[str, Failures] = {}


def guesses_file(folder: Path) -> PrivateJson[Kept]:
    """Where guesses are kept over a restart, in the data folder."""
    return PrivateJson(folder / "guesses.json", Kept)


class Guesses:
    """How often each source has failed lately. Ask `delay_s` before an attempt, wait, look at the attempt,
    and report a wrong one by `failed`."""

    def __init__(self, kept: Kept | None = None) -> None:
        self._failures = dict(kept.sources) if kept else {}

    @property
    def kept(self) -> Kept:
        """What a new Guesses needs to go on after a restart."""
        return Kept(sources=dict(self._failures))

    def delay_s(self, peer: str, now_ms: int) -> float:
        """Seconds that an attempt from the address `peer` must wait: 0, after ten failures 1, 2, 4 ... 60."""
        source = source_of(peer)
        excess = self._current(source, now_ms).count - FREE_FAILURES
        if excess < 0:
            return 0.0
        longest = LONGEST_LOCAL_S if source == LOCAL else LONGEST_S
        return min(2.0 ** min(excess, 10), longest)

    def failed(self, peer: str, now_ms: int) -> None:
        """An attempt of the address `peer` was wrong."""
        source = source_of(peer)
        count = self._current(source, now_ms).count + 1
        self._failures.pop(source, None)  # the newest last
        self._failures[source] = Failures(count, now_ms)
        if len(self._failures) > MOST_SOURCES:
            del self._failures[next(iter(self._failures))]

    def _current(self, source: str, now_ms: int) -> Failures:
        failures = self._failures.get(source, Failures())
        # abs: a clock set back must not punish for hours.
        return failures if abs(now_ms - failures.last_ms) < QUIET_MS else Failures()


def source_of(peer: str) -> str:
    """The source an address counts as; what is no address is a source of its own."""
    try:
        address = ipaddress.ip_address(canonical(peer))
    except ValueError:
        return peer[:64]
    if address.is_loopback:
        return LOCAL
    prefix = 64 if address.version == 6 else 32
    return str(ipaddress.ip_network((str(address), prefix), strict=False))
