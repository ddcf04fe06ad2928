"""When the microphone listens: while the key is held, or while hands-free listening is on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from app.devices.microphone import Microphone
from engine.errors import CompanionError, as_companion_error
from engine.messages import ClientMessage, InputStart, InputStop, SessionUpdate

log = logging.getLogger(__name__)


class Ears:
    """Owns the microphone. One event loop; one call at a time, in order.

    The device is opened beside the calls, because some drivers take seconds: a key that is released meanwhile
    ends the opening.
    """

    def __init__(
        self,
        microphone: Microphone,
        send: Callable[[ClientMessage], Awaitable[None]],
        on_error: Callable[[CompanionError], None],
        on_hands_free: Callable[[bool], None],
    ) -> None:
        """`on_error` is told why the microphone does not listen, `on_hands_free` whether it listens all the
        time from now on."""
        self._microphone = microphone
        self._send = send
        self._on_error = on_error
        self._on_hands_free = on_hands_free
        self._held = self._hands_free = False
        self._stream = 0
        self._opening: asyncio.Task[None] | None = None

    async def press(self) -> None:
        """The key goes down: a turn begins. Nothing happens while it is held already."""
        if self._held:
            return
        self._held = True
        self._begin_stream()
        await self._send(InputStart(stream=self._stream))
        self._open()

    async def release(self) -> None:
        """The key goes up: the device is given back, and the turn is committed."""
        if not self._held:
            return
        self._held = False
        try:
            await self._close()
        finally:
            await self._send(InputStop(stream=self._stream))

    async def hands_free(self, on: bool) -> None:
        """Listens all the time, or no more. It goes off by itself when there is no microphone."""
        if on == self._hands_free:
            return
        self._hands_free = on
        self._on_hands_free(on)
        if on:
            self._begin_stream()
            await self._send(SessionUpdate(hands_free=True))
            self._open()
        else:
            try:
                await self._close()
            finally:
                await self._send(SessionUpdate(hands_free=False))

    async def close(self) -> None:
        """Gives the device back. The engine is told nothing: its conversation ends."""
        self._held = self._hands_free = False
        await self._close()

    # ------------------------------------------------------------ inside

    def _begin_stream(self) -> None:
        """The next sound is another stream, unless one is listened to already."""
        if self._opening is None:
            self._stream += 1

    def _open(self) -> None:
        if self._opening is None:
            self._opening = asyncio.create_task(self._try_to_open(), name="open-microphone")

    async def _close(self) -> None:
        """Once neither the key nor hands-free listening needs it."""
        if self._held or self._hands_free:
            return
        opening, self._opening = self._opening, None
        if opening:
            opening.cancel()
            await asyncio.wait([opening])
        await self._microphone.close()

    async def _try_to_open(self) -> None:
        try:
            await self._microphone.open(self._stream)
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("opening the microphone failed")
            self._opening = None  # the next press tries again
            self._on_error(as_companion_error(error))
            if self._hands_free:
                self._hands_free = False
                self._on_hands_free(False)
                await self._send(SessionUpdate(hands_free=False))
