"""Pairing with a host while the windows go on: in a thread, until it is done or called off."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from engine.client.pairing_string import Pairing
from engine.errors import PeerFault

if TYPE_CHECKING:
    from engine.client.pairing import Paired


class PairingAttempt:
    """One try. `run` it in a thread that may wait; `cancel` it from any."""

    def __init__(self, folder: Path, pairing: Pairing) -> None:
        """`folder` is the data folder."""
        self._folder = folder
        self._pairing = pairing
        self._lock = threading.Lock()
        self._cancelled = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[str] | None = None

    def run(self) -> Paired:
        """Raises what `redeem` and `keep` raise, and PeerFault `cancelled`."""
        from engine.client.pairing import keep  # its libraries take a while, and few need them

        try:
            token = asyncio.run(self._redeem())
        except asyncio.CancelledError:
            raise PeerFault("cancelled", "The pairing was called off.") from None
        return keep(self._folder, self._pairing, token)  # the code is spent: from here on it is kept

    def cancel(self) -> None:
        """Ends it soon; one that is done stays done."""
        with self._lock:
            self._cancelled = True
            if self._loop and self._task:
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _redeem(self) -> str:
        from engine.client.pairing import redeem

        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(redeem(self._pairing), name="pair")
            if self._cancelled:
                self._task.cancel()
        try:
            return await self._task
        finally:
            with self._lock:
                self._loop = self._task = None
