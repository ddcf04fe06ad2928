"""All sessions of a host: how many there may be, and how long one waits for a client that was lost."""

from __future__ import annotations

import asyncio
import logging

from engine.clock import Clock
from engine.errors import PeerFault
from engine.host.admission import Identity
from engine.host.replay import Frame
from engine.host.seat import Seat
from engine.messages import Hello, Resume
from engine.runtime import Engine
from engine.settings import HostSettings
from engine.wire import CloseCode

log = logging.getLogger(__name__)


class Seats:
    """Opens seats over one engine, keeps those that were lost for `resume_s`, and closes them."""

    def __init__(self, engine: Engine, settings: HostSettings, clock: Clock) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._seats: dict[str, Seat] = {}
        self._expiring: dict[Seat, asyncio.TimerHandle] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._taking = True

    def __len__(self) -> int:
        return len(self._seats)

    def all(self) -> tuple[Seat, ...]:
        return tuple(self._seats.values())

    def reserve(self, hello: Hello, identity: Identity) -> Seat:
        """A seat without a session yet, which hears how the stages fare. Raises PeerFault `host-full`,
        `host-stopping`."""
        if not self._taking:
            raise PeerFault("host-stopping", "This host is being stopped; try again later.")
        if len(self._seats) >= self._settings.max_sessions:
            if not self._expiring:
                raise PeerFault(
                    "host-full", f"This host talks with {len(self._seats)} clients already; try again later."
                )
            self._expire(next(iter(self._expiring)))
        seat = Seat(hello, identity, self._clock)
        self._seats[seat.name] = seat
        self._engine.listen(seat.outbox.put, seat.profile)
        return seat

    def take_no_more(self) -> None:
        """From now on nobody new is seated; who was lost may still come back."""
        self._taking = False

    async def begin(self, seat: Seat) -> None:
        """Opens the seat's session; the engine must have been started. Raises what Engine.session raises."""
        seat.begin(await self._engine.session(seat.hello, seat.outbox, seat.profile))

    async def resume(self, resume: Resume, identity: Identity) -> tuple[Seat, list[Frame]] | None:
        """The seat a client has lost, and what it must be sent again; None when it has to begin anew. The
        connection that still holds the seat is sent away."""
        seat = self._seats.get(resume.session)
        if not seat or seat.owner != (identity.profile, identity.device) or not seat.knows(resume.token):
            return None
        await seat.vacate(CloseCode.REPLACED)
        if timer := self._expiring.pop(seat, None):
            timer.cancel()
        missed = seat.missed(resume.last_seq)
        if missed is None:
            await self.close(seat)
            return None
        return seat, missed

    def park(self, seat: Seat) -> None:
        """The client is gone, perhaps to come back."""
        if seat.name in self._seats and seat not in self._expiring:
            loop = asyncio.get_running_loop()
            self._expiring[seat] = loop.call_later(self._settings.resume_s, self._expire, seat)

    async def close(self, seat: Seat) -> None:
        """Ends the session; what was heard is recorded first."""
        if self._seats.pop(seat.name, None) is None:
            return
        if timer := self._expiring.pop(seat, None):
            timer.cancel()
        self._engine.unlisten(seat.outbox.put)
        await seat.end()
        if seat.session:
            await self._engine.end(seat.session)
        seat.outbox.close()

    def close_soon(self, seat: Seat) -> None:
        """Begins to end the session; whoever reads the seat gets its last messages meanwhile."""
        task = asyncio.create_task(self.close(seat), name=f"close-{seat.name}")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close_all(self) -> None:
        """Ends every session."""
        await asyncio.gather(*(self.close(seat) for seat in self.all()), *self._closing)

    def _expire(self, seat: Seat) -> None:
        self._expiring.pop(seat).cancel()
        self.close_soon(seat)
