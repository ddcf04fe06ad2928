"""Who is let in, decided from the request alone, before a WebSocket is opened. Pure.

A browser lets any web page knock at this machine, and tells us so by `Origin`; a page whose name was rebound
to our address is told by `Host`. Programs send no Origin, but no page's word can hide its own. Whether a
token is a device's is for the caller to find out: the door only takes it out of the headers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from engine.host.addresses import canonical, host_of, is_any, is_loopback, split_list
from engine.settings import HostSettings

TOKEN_PROTOCOL = "companion.token."
"""A browser can set no header: it offers this, with the token behind, as a subprotocol."""

_TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,512}")
_SECRET_KEY = re.compile(r".*token.*|code|authorization", re.IGNORECASE | re.DOTALL)
_FOR_ALL = "/"
_OWN_TOKEN = "/ws/v1"
"""Asks for a token itself, on every machine: it may come in the first message."""


class Knock(NamedTuple):
    """What is known of a request before it is answered."""

    path: str
    peer: str
    """Address it comes from."""
    bound: str
    """Address of this machine at which it came in."""
    tls: bool
    query: str = ""
    hosts: tuple[str, ...] = ()
    """Every Host header; so with the others."""
    origins: tuple[str, ...] = ()
    authorizations: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()


class Admitted(NamedTuple):
    """The request may go on."""

    token: str = ""
    """Of the headers, not checked yet; empty when there is none."""
    needs_token: bool = False
    """The token must be checked before anything is answered."""
    subprotocol: str = ""
    """To be accepted by name: a browser closes a socket whose offer is not taken up."""


class Refused(NamedTuple):
    """The request ends here."""

    status: int
    code: str
    message: str


def knock_of(scope: Mapping[str, Any]) -> Knock:
    """The knock in an ASGI scope, of HTTP or of a WebSocket."""

    def headers(name: bytes) -> tuple[str, ...]:
        return tuple(value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name)

    return Knock(
        path=scope["path"],
        peer=(scope.get("client") or ("",))[0],
        bound=(scope.get("server") or ("",))[0],
        tls=scope.get("scheme") in ("https", "wss"),
        query=scope.get("query_string", b"").decode("latin-1"),
        hosts=headers(b"host"),
        origins=headers(b"origin"),
        authorizations=headers(b"authorization"),
        protocols=headers(b"sec-websocket-protocol"),
    )


def decide(knock: Knock, settings: HostSettings) -> Admitted | Refused:
    """Lets a request in or says why not."""
    if not _called_by_name(knock, settings):
        return Refused(
            403,
            "foreign-host",
            "This host does not go by that name; call it by its address, or add the name to host.names.",
        )
    if not _from_known_page(knock, settings):
        return Refused(
            403,
            "foreign-origin",
            "Web pages of that origin may not connect; add it to host.allowed_origins if it is yours.",
        )
    # Servers, proxies and browsers write URLs into their logs and histories.
    if any(_SECRET_KEY.fullmatch(key) for key, _ in parse_qsl(knock.query, keep_blank_values=True)):
        return Refused(
            400,
            "token-in-url",
            "A token must never be in a URL; send it in the header Authorization, as the subprotocol "
            f"{TOKEN_PROTOCOL}<token>, or in hello. Revoke this one.",
        )
    tokens = _tokens(knock)
    if len(tokens) > 1 or any(not _TOKEN.fullmatch(token) for token in tokens):
        return Refused(400, "bad-token", "Send one token, as it was given to you.")
    token = next(iter(tokens), "")
    offer = TOKEN_PROTOCOL + token
    admitted = Admitted(token, subprotocol=offer if offer in _offers(knock) and token else "")
    # A proxy on this machine, too, comes from loopback; the name it is called by gives it away.
    here = is_loopback(knock.peer) and is_loopback(host_of(knock.hosts[0]))
    if here or knock.path == _FOR_ALL:
        return admitted
    if not knock.tls:
        return Refused(401, "tls-required", "From another machine only an encrypted connection is possible.")
    if knock.path == _OWN_TOKEN:
        return admitted
    if not token:
        return Refused(
            401,
            "token-required",
            "From another machine a token is needed: pair this device, or send its token.",
        )
    return admitted._replace(needs_token=True)


def _called_by_name(knock: Knock, settings: HostSettings) -> bool:
    if len(knock.hosts) != 1:
        return False
    host = host_of(knock.hosts[0])
    if is_loopback(host):
        return True
    own = {canonical(knock.bound), *map(canonical, split_list(settings.names))}
    return host in own and host != "" and not is_any(host)


def _from_known_page(knock: Knock, settings: HostSettings) -> bool:
    """`null` is the origin of files and of sandboxed frames of any site: it says nothing, so it is never
    known."""
    if not knock.origins:
        return True
    known = set(split_list(settings.allowed_origins)) - {"null"}
    return len(knock.origins) == 1 and knock.origins[0] in known


def _tokens(knock: Knock) -> set[str]:
    found = {
        offer.removeprefix(TOKEN_PROTOCOL) for offer in _offers(knock) if offer.startswith(TOKEN_PROTOCOL)
    }
    for header in knock.authorizations:
        scheme, _, credentials = header.strip().partition(" ")
        if scheme.lower() == "bearer":
            found.add(credentials.strip())
    return found


def _offers(knock: Knock) -> tuple[str, ...]:
    return tuple(part for header in knock.protocols for part in split_list(header))
