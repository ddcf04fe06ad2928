"""The hosts this client has paired with: where they are and how to know them, in a file; their tokens in the
system's keyring, or, where there is none that keeps secrets, in that file too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from engine.errors import EnvironmentFault, PeerFault
from engine.keyrings import SERVICE, ask, hide
from engine.private_files import PrivateJson

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")


class KnownHost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paired host."""

    host: str
    """Address or name, without brackets."""
    port: int
    fingerprint: str
    name: str = ""
    """For people."""

    @property
    def place(self) -> str:
        """What it is listed and kept under."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    host: KnownHost
    token: str = ""
    """Empty: in the keyring."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1] = 1
    entries: tuple[_Entry, ...] = ()


class KnownHosts:
    """The file `known_hosts.json` of the data folder, and a keyring.

    A keyring may ask its user to unlock it: call from a thread that may wait. Every method raises
    EnvironmentFault `file-damaged`, `file-unusable` or `file-busy`.
    """

    def __init__(self, folder: Path, keyring: KeyringBackend | None) -> None:
        """`keyring`: see `system_keyring`; None keeps tokens in the file."""
        self._file = PrivateJson(folder / "known_hosts.json", _Kept)
        self._keyring = keyring

    def list(self) -> tuple[KnownHost, ...]:
        """All hosts, in the order of pairing."""
        return tuple(entry.host for entry in self._file.read().entries)

    def keep(self, host: KnownHost, token: str) -> bool:
        """Adds `host`, or replaces the one at the same place. False when the token had to go into the file:
        the user is then owed the notice `token-in-file`."""
        safe = self._ask(lambda keyring: hide(keyring, host.place, token)) is True
        entry = _Entry(host, "" if safe else token)

        def step(kept: _Kept) -> tuple[_Kept, None]:
            others = tuple(other for other in kept.entries if other.host.place != host.place)
            return _Kept(entries=(*others, entry)), None

        self._file.change(step)
        return safe

    def token(self, place: str) -> str:
        """The token of the host at `place`. Raises PeerFault `unknown-host`, and EnvironmentFault
        `token-lost` when the keyring does not give it."""
        entry = next((entry for entry in self._file.read().entries if entry.host.place == place), None)
        if entry is None:
            raise PeerFault("unknown-host", f"{place} is not paired; pair with it first.")
        token = entry.token or self._ask(lambda keyring: keyring.get_password(SERVICE, place))
        if not token:
            raise EnvironmentFault(
                "token-lost", f"The keyring does not give the token of {place}: unlock it, or pair again."
            )
        return token

    def forget(self, place: str) -> None:
        """Removes a host and its token; one that is not there is no error."""

        def step(kept: _Kept) -> tuple[_Kept, None]:
            return _Kept(entries=tuple(entry for entry in kept.entries if entry.host.place != place)), None

        self._file.change(step)
        self._ask(lambda keyring: keyring.delete_password(SERVICE, place))

    def _ask(self, question: Callable[[KeyringBackend], T]) -> T | None:
        return ask(lambda: self._keyring, question)
