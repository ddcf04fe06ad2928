"""Getting a connection to a host: out of the net, through the door, to its `welcome`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
from collections.abc import Callable
from typing import NamedTuple, NoReturn
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from engine.client.pinning import HostChanged
from engine.errors import CompanionError, EnvironmentFault, PeerFault
from engine.host.addresses import is_loopback
from engine.messages import ErrorEvent, Hello, ServerMessage, Welcome
from engine.wire import MAX_MESSAGE, ClientEncoder, CloseCode, decode_server

OPEN_S = 10.0
"""Until the WebSocket is open."""
WELCOME_S = 300.0
"""Until the host says welcome: it may have models to load, and tells meanwhile how they fare."""
FAREWELL_S = 2.0
"""For the close code after a refusal, and for closing in good order."""
FINAL = frozenset(
    {CloseCode.POLICY, CloseCode.TOO_BIG, CloseCode.BAD_UTF8, CloseCode.BAD_PROTOCOL, CloseCode.NOT_ADMITTED}
)
"""After these close codes another try would end the same way."""
NO_CLOSE_CODE = 1006


class HostAway(EnvironmentFault):
    """The host cannot be talked to now; it may be possible later."""


class Address(NamedTuple):
    """Where a host is, and what opens it."""

    url: str
    token: str
    ssl: ssl.SSLContext | None = None


class Patience(NamedTuple):
    """How a dead connection is noticed: silence for `ping_s` is asked about, and after `pong_s` more without
    an answer it is dead; seconds."""

    ping_s: float = 20.0
    pong_s: float = 19.0
    """With the second that closing may take, 40 s in all."""


class Dialled(NamedTuple):
    """An open connection, whose host has said welcome."""

    socket: ClientConnection
    welcome: Welcome
    seq: int
    """Number of the welcome."""


def check_url(url: str) -> None:
    """Raises PeerFault `bad-url` for what is no WebSocket's address, and `tls-required` for a connection
    in clear to another machine."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        good = parts.scheme in ("ws", "wss") and name and (parts.port is None or parts.port > 0)
    except ValueError:
        good, parts, name = False, urlsplit(""), ""
    if not good:
        raise PeerFault("bad-url", "A host's address looks like wss://NAME:PORT/ws/v1.")
    if parts.scheme == "ws" and not is_loopback(name):
        raise PeerFault(
            "tls-required",
            f"To {name} only an encrypted connection (wss://) is possible: start the host with --tls, and "
            "pair with it.",
        )


async def dial(
    address: Address, hello: Hello, patience: Patience, early: Callable[[ServerMessage], None]
) -> Dialled:
    """Connects and says hello; `early` gets what the host tells before its welcome.

    Raises HostAway (with the host's code where it gave one), and PeerFault when it will not have us.
    """
    check_url(address.url)
    socket = await _connect(address, patience)
    try:
        async with asyncio.timeout(WELCOME_S):
            await socket.send(ClientEncoder().encode(hello))
            while True:
                message, seq = decode_server(await socket.recv())
                match message:
                    case Welcome():
                        return Dialled(socket, message, seq)
                    case ErrorEvent(fatal=True):
                        await _refused(socket, message)
                    case None:
                        pass
                    case _:
                        early(message)
    except BaseException as error:
        await hang_up(socket)
        match error:
            case ConnectionClosed():
                raise _fault(close_code(error), _reason(error), "") from error
            case TimeoutError():
                raise _away(address, "it does not say welcome") from error
            case _:
                raise


async def hang_up(socket: ClientConnection) -> None:
    """Closes at once, and asks for no answer."""
    socket.transport.abort()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_S):
            await socket.wait_closed()


def close_code(closed: ConnectionClosed) -> int:
    """What the host closed with; 1006 when it did not."""
    return closed.rcvd.code if closed.rcvd else NO_CLOSE_CODE


async def _connect(address: Address, patience: Patience) -> ClientConnection:
    try:
        return await connect(
            address.url,
            ssl=address.ssl,
            proxy=None,
            compression=None,
            max_size=MAX_MESSAGE,
            open_timeout=OPEN_S,
            ping_interval=patience.ping_s,
            ping_timeout=patience.pong_s,
            close_timeout=1,
            user_agent_header=None,
        )
    except HostChanged:
        raise
    except InvalidStatus as error:
        raise _turned_away(address, error) from error
    except ssl.SSLError as error:
        raise HostAway(
            "tls-failed", f"No encrypted connection to {_place(address)} comes about ({error.reason})."
        ) from error
    except (InvalidURI, InvalidHandshake) as error:
        raise _away(address, "something else answers there") from error
    except TimeoutError as error:
        raise _away(address, "it does not answer") from error
    except OSError as error:
        raise _away(address, os.strerror(error.errno) if error.errno else str(error)) from error


async def _refused(socket: ClientConnection, error: ErrorEvent) -> NoReturn:
    code = NO_CLOSE_CODE
    try:
        async with asyncio.timeout(FAREWELL_S):
            while True:
                await socket.recv()
    except ConnectionClosed as closed:
        code = close_code(closed)
    except TimeoutError:
        pass
    raise _fault(code, error.code, error.message)


def _fault(close: int, code: str, message: str) -> CompanionError:
    message = message or f"The host has closed the connection ({close}); try again later."
    if close in FINAL:
        return PeerFault(code or "refused", message)
    return HostAway(code or "connection-lost", message)


def _turned_away(address: Address, error: InvalidStatus) -> CompanionError:
    """The door has answered before the WebSocket was open."""
    status = error.response.status_code
    try:
        told = msgspec.json.decode(error.response.body or b"", type=dict[str, str])
        code, message = told["code"], told["message"]
    except (msgspec.MsgspecError, KeyError):
        return _away(address, f"it answers with status {status}")
    return PeerFault(code, message) if 400 <= status < 500 else HostAway(code, message)


def _away(address: Address, why: str) -> HostAway:
    return HostAway(
        "host-unreachable",
        f"The host at {_place(address)} cannot be reached ({why}): see that it runs, that the address is "
        "right, and that the network is up.",
    )


def _place(address: Address) -> str:
    return urlsplit(address.url).netloc


def _reason(closed: ConnectionClosed) -> str:
    return closed.rcvd.reason if closed.rcvd else ""
