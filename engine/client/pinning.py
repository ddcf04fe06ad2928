"""TLS to a paired host: its certificate is known by fingerprint, and checked before a word is said.

`asyncio` drives a handshake through `SSLContext.sslobject_class`. Ours looks at the certificate as the last
step of that handshake: when it is another, our side of the handshake is never finished, so nothing of the
application has left, and no socket comes to be.
"""

from __future__ import annotations

import ssl
from typing import Any, NoReturn

from engine.errors import PeerFault
from engine.fingerprint import fingerprint_of, in_groups


class HostChanged(PeerFault, ssl.SSLError):
    """The host shows another certificate than at pairing. (An SSLError too: so asyncio ends the handshake in
    good order and hands it to the caller.)"""

    def __init__(self, old: str, new: str) -> None:
        super().__init__(
            "host-changed",
            "This host is not the one that was paired, or has a new certificate; nothing was sent to it. "
            f"Expected: {in_groups(old)}. Found: {in_groups(new)}. If you renewed the host yourself, "
            "compare the new fingerprint there and pair again.",
        )

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


class _PinnedObject(ssl.SSLObject):
    def do_handshake(self) -> None:
        super().do_handshake()
        context = self.context
        assert isinstance(context, PinnedContext)
        shown = fingerprint_of(self.getpeercert(binary_form=True) or b"")
        if shown != context.fingerprint:
            raise HostChanged(context.fingerprint, shown)


class PinnedContext(ssl.SSLContext):
    """For asyncio clients of the one host whose certificate has `fingerprint`. Connecting to another raises
    PeerFault `host-changed`."""

    sslobject_class = _PinnedObject
    fingerprint: str

    def __new__(cls, fingerprint: str) -> PinnedContext:
        return super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        # The pin says more than a name or a signature: those of a self-signed certificate prove nothing.
        self.check_hostname = False
        self.verify_mode = ssl.CERT_NONE
        self.minimum_version = ssl.TLSVersion.TLSv1_3

    def wrap_socket(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Blocking sockets would pass the check by."""
        raise NotImplementedError("PinnedContext is for asyncio only")
