"""Paired devices: who they are, the one-time code that makes one, and the token by which it is known again.

The commands `pair` and `devices` change the file beside a running host, which therefore reads it anew each
time. Codes and tokens are kept as SHA-256 only: they are random and long, so nothing slower is needed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from pathlib import Path
from typing import Literal

import msgspec

from engine import private_files
from engine.clock import Clock
from engine.errors import EnvironmentFault, PeerFault
from engine.private_files import PrivateJson

CODE_BYTES = 10
CODE_LIFE_MS = 5 * 60 * 1000
CODE_TRIES = 5
TOKEN_BYTES = 32
LONGEST_NAME = 60

_PROFILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_CODE = re.compile(r"[A-Za-z2-7]{4}([\s-]?[A-Za-z2-7]{4}){3}")
_LOCAL_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A device that may come in."""

    id: str
    name: str
    profile: str
    """Whose memories it meets."""
    token_hash: str
    paired_ms: int
    """Milliseconds since 1970."""


class _Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code handed out and not used yet."""

    hash: str
    name: str
    profile: str
    made_ms: int
    tries: int
    """Wrong ones it still survives, and one."""


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1] = 1
    devices: tuple[Device, ...] = ()
    code: _Code | None = None


class Devices:
    """The file `devices.json` of the data folder. Every method may wait for the disk, and raises
    EnvironmentFault `file-damaged`, `file-unusable` or `file-busy`."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._file = PrivateJson(folder / "devices.json", _Kept)
        self._clock = clock

    def list(self) -> tuple[Device, ...]:
        """All devices, in the order of pairing."""
        return self._file.read().devices

    def pair(self, name: str, profile: str = "") -> str:
        """A new one-time code, such as `K3QW-7ZB2-MEXA-P5JT` (80 bits), which replaces one not used yet.

        An empty `name` leaves it to the device; an empty `profile` gives the device one of its own, named by
        its id. Raises PeerFault `bad-profile`.
        """
        if profile and not _PROFILE.fullmatch(profile):
            raise PeerFault(
                "bad-profile",
                "A profile's name is at most 40 lower-case letters, digits, - and _, and begins with a "
                "letter or digit.",
            )
        letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
        code = _Code(_hash(letters), _clean(name), profile, self._clock.wall_ms(), CODE_TRIES)
        self._file.change(lambda kept: (msgspec.structs.replace(kept, code=code), None))
        return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))

    def pending(self) -> bool:
        """Whether there is a code that can still be used."""
        return self._usable(self._file.read().code) is not None

    def redeem(self, code: str, name: str) -> tuple[Device, str]:
        """The new device for a one-time code, and its token, which is told this once. Case, spaces and dashes
        of `code` do not matter. Raises PeerFault `pairing-failed`; that costs the code one try."""
        offered = _hash(re.sub(r"[\s-]", "", code).upper())
        token = secrets.token_urlsafe(TOKEN_BYTES)

        def step(kept: _Kept) -> tuple[_Kept, Device | None]:
            pending = self._usable(kept.code)
            if pending is None:
                return msgspec.structs.replace(kept, code=None), None
            if not hmac.compare_digest(pending.hash, offered):
                fewer = msgspec.structs.replace(pending, tries=pending.tries - 1)
                return msgspec.structs.replace(kept, code=fewer), None
            device_id = secrets.token_hex(4)
            device = Device(
                id=device_id,
                name=pending.name or _clean(name) or device_id,
                profile=pending.profile or device_id,
                token_hash=_hash(token),
                paired_ms=self._clock.wall_ms(),
            )
            return msgspec.structs.replace(kept, devices=(*kept.devices, device), code=None), device

        if device := self._file.change(step):
            return device, token
        raise PeerFault(
            "pairing-failed",
            "That pairing code is wrong, used or too old: run `companion-engine pair` for a new one.",
        )

    def find(self, token: str) -> Device | None:
        """The device with this token."""
        offered, found = _hash(token), None
        for device in self.list():  # to the end: how long it takes tells nothing
            if hmac.compare_digest(device.token_hash, offered):
                found = device
        return found

    def revoke(self, device_id: str) -> None:
        """Forgets a device: its token fails from now on. Raises PeerFault `unknown-device`."""

        def step(kept: _Kept) -> tuple[_Kept, bool]:
            rest = tuple(device for device in kept.devices if device.id != device_id)
            return msgspec.structs.replace(kept, devices=rest), len(rest) < len(kept.devices)

        if not self._file.change(step):
            raise PeerFault(
                "unknown-device",
                "There is no paired device with that id: `companion-engine devices list` shows them.",
            )

    def _usable(self, code: _Code | None) -> _Code | None:
        """`code`, if it lives. One from the future does not: a clock set back must not lengthen its life."""
        if code and code.tries > 0 and 0 <= self._clock.wall_ms() - code.made_ms < CODE_LIFE_MS:
            return code
        return None


def is_code(text: str) -> bool:
    """Whether `text` can only be a pairing code: no token looks like one."""
    return _CODE.fullmatch(text) is not None


def local_token(folder: Path, *, renew: bool = False) -> str:
    """What lets a program of the same user in: the content of `local.token` in the data folder, made where
    missing. A host renews it at every start. Raises EnvironmentFault `file-unusable`."""
    path = folder / "local.token"
    try:
        if not renew and path.exists():
            token = path.read_text(encoding="ascii", errors="replace")
            if _LOCAL_TOKEN.fullmatch(token):  # else it is worth nothing: an empty token must open no door
                return token
        token = secrets.token_urlsafe(TOKEN_BYTES)
        private_files.replace(path, token.encode())
        return token
    except OSError as error:
        message = f"{path} cannot be used ({error.strerror}); check the disk and its permissions."
        raise EnvironmentFault("file-unusable", message) from error


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _clean(name: str) -> str:
    """A name that a terminal can show: one line, nothing that steers the terminal."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:LONGEST_NAME].strip()
