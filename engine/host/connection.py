"""One connection to `/ws/v1`: who is it, which session does it talk to, and then messages both ways.

A connection comes and goes; the seat (engine.host.seat) stays for a while, so that a client which lost its
connection goes on where it was. The connection ends by a close code (see docs/protocol.md).
"""

from __future__ import annotations

import asyncio
import logging
from typing import NoReturn, Protocol

import msgspec

from engine.clock import Clock
from engine.errors import CompanionError, PeerFault
from engine.host.admission import Admission, Identity
from engine.host.client_socket import ClientSocket, Closed, Goodbye, parting
from engine.host.rate import Rate
from engine.host.replay import Frame
from engine.host.seat import Seat
from engine.host.seats import Seats
from engine.messages import PROTOCOL, Bye, ErrorEvent, Hello, Welcome
from engine.runtime import Engine
from engine.together import together
from engine.wire import MAX_CONTROL, MAX_MESSAGE, CloseCode, ServerEncoder, decode_client

log = logging.getLogger(__name__)

HELLO_S = 5.0
"""How long a client may take to say hello."""
MOST_FAULTS = 3
"""Messages that cannot be read, of which the last closes the connection."""


class House(Protocol):
    """What a connection needs of its host (engine.host.host)."""

    engine: Engine
    seats: Seats
    admission: Admission
    clock: Clock

    async def started(self) -> None:
        """Returns when the engine has been started. Raises EnvironmentFault when it cannot be."""
        ...


class Connection:
    """Runs until the client leaves, is sent away, or another connection takes its seat."""

    def __init__(self, house: House, socket: ClientSocket, name: str, source: str, token: str) -> None:
        """`name` stands in every log line; `source` is the client's address; `token` what it sent with the
        upgrade, if anything."""
        self._house = house
        self._socket = socket
        self._name = name
        self._source = source
        self._token = token
        self._leaving = False

    async def run(self, first: str | bytes | None = None) -> None:
        """`first` is the hello, where it has been read already."""
        async with parting(self._socket, self._name):
            await self._converse(first)

    async def _converse(self, first: str | bytes | None) -> None:
        hello = await self._hello(first)
        identity = await self._identify(hello)
        seats = self._house.seats
        found = await seats.resume(hello.resume, identity) if hello.resume else None
        seat = found[0] if found else await self._reserve(hello, identity)
        seat.hold()
        try:
            if found:
                log.info("connection=%s resumed session=%s", self._name, seat.name)
                await self._welcome_back(seat, hello, found[1])
            await together(self._write(seat), self._serve(seat, identity, fresh=not found), seat.evicted())
        except Closed:
            seats.park(seat)
            raise
        except Goodbye as goodbye:
            if goodbye.code != CloseCode.REPLACED:
                await seats.close(seat)
            raise
        except BaseException:
            await seats.close(seat)
            raise
        finally:
            seat.let_go()

    # ------------------------------------------------------------ coming in

    async def _hello(self, first: str | bytes | None) -> Hello:
        try:
            async with asyncio.timeout(HELLO_S):
                message = decode_client(first if first is not None else await self._socket.receive())
        except TimeoutError:
            text = f"Say `hello` within {HELLO_S:g} s."
            await self._turn_away("hello-missing", text, CloseCode.NOT_ADMITTED)
        except PeerFault as error:
            await self._turn_away(error.code, error.message, CloseCode.NOT_ADMITTED)
        if not isinstance(message, Hello):
            await self._turn_away("hello-missing", "Say `hello` first.", CloseCode.NOT_ADMITTED)
        if message.protocol.partition(".")[0] != PROTOCOL.partition(".")[0]:
            text = f"This host speaks protocol {PROTOCOL}, not {message.protocol}: update the older side."
            await self._turn_away("bad-protocol", text, CloseCode.BAD_PROTOCOL)
        return message

    async def _identify(self, hello: Hello) -> Identity:
        admission = self._house.admission
        try:
            return await admission.identify(hello.token or self._token, self._source, hello.client)
        except PeerFault as error:
            await self._turn_away(error.code, error.message, CloseCode.NOT_ADMITTED)

    async def _reserve(self, hello: Hello, identity: Identity) -> Seat:
        try:
            return self._house.seats.reserve(hello, identity)
        except PeerFault as error:
            await self._turn_away(error.code, error.message, CloseCode.TRY_LATER)

    async def _turn_away(self, code: str, message: str, close: int) -> NoReturn:
        await self._socket.send(ServerEncoder().encode(ErrorEvent(code=code, message=message, fatal=True)))
        raise Goodbye(close, code)

    async def _begin(self, seat: Seat, identity: Identity) -> None:
        """Waits for the engine, which tells meanwhile how its stages fare, and opens the session."""
        try:
            await self._house.started()
            await self._house.seats.begin(seat)
        except CompanionError as error:
            event = ErrorEvent(code=error.code, message=error.message, fatal=True)
            await self._socket.send(seat.encode(event))
            close = CloseCode.POLICY if isinstance(error, PeerFault) else CloseCode.TRY_LATER
            raise Goodbye(close, error.code) from error
        log.info("connection=%s session=%s profile=%s", self._name, seat.name, seat.profile)
        seat.outbox.put(self._welcome(seat, identity.new_token))

    async def _welcome_back(self, seat: Seat, hello: Hello, missed: list[Frame]) -> None:
        """The welcome has the number of the last message the client has: what follows goes on from there."""
        assert hello.resume
        welcome = msgspec.structs.replace(
            self._welcome(seat),
            resume_token=seat.new_token(hello.resume.token),
            resumed=True,
            received=seat.received,
        )
        await self._socket.send(ServerEncoder(hello.resume.last_seq - 1).encode(welcome))
        for frame in missed:
            await self._socket.send(frame)

    def _welcome(self, seat: Seat, device_token: str = "") -> Welcome:
        return msgspec.structs.replace(
            self._house.engine.welcome(seat.hello),
            session=seat.name,
            resume_token=seat.new_token(),
            limits={"message_bytes": MAX_MESSAGE, "control_bytes": MAX_CONTROL},
            device_token=device_token,
        )

    # ------------------------------------------------------------ talking

    async def _serve(self, seat: Seat, identity: Identity, *, fresh: bool) -> None:
        if fresh:
            await self._begin(seat, identity)
        clock = self._house.clock
        rate = Rate(clock.now_ms())
        faults = 0
        while True:
            data = await self._socket.receive()
            if wait_ms := rate.wait_ms(clock.now_ms()):
                await asyncio.sleep(wait_ms / 1000)
            try:
                await self._take(seat, data)
            except PeerFault as error:
                faults += 1
                self._complain(seat, error, faults)
            # Not before it was taken: what a lost connection interrupts here, the client sends again.
            seat.took_message()

    async def _take(self, seat: Seat, data: str | bytes) -> None:
        match decode_client(data):
            case Hello():
                raise PeerFault("bad-message", "Say `hello` once, at the beginning.")
            case Bye():
                self._leaving = True
                self._house.seats.close_soon(seat)  # and the client still gets the end of everything
            case None:
                return
            case message:
                await seat.receive(message)

    def _complain(self, seat: Seat, error: PeerFault, faults: int) -> None:
        log.info("connection=%s sent what cannot be read: %s", self._name, error.code)
        if error.code in ("control-too-big", "message-too-big"):
            raise Goodbye(CloseCode.TOO_BIG, error.code)
        if faults >= MOST_FAULTS:
            raise Goodbye(CloseCode.POLICY, error.code)
        seat.outbox.put(ErrorEvent(code=error.code, message=error.message))

    async def _write(self, seat: Seat) -> None:
        while (frame := await seat.next_frame()) is not None:
            await self._socket.send(frame)
        raise Goodbye(CloseCode.NORMAL) if self._leaving else Goodbye(CloseCode.TRY_LATER, "session-ended")
