"""The engine in a process of its own, which lives and dies with this one."""

from __future__ import annotations

import os
import secrets
import time
from collections import deque
from collections.abc import Mapping

from engine.client.child_process import ChildProcess
from engine.client.dialing import Address
from engine.client.remote import RemoteEngine
from engine.errors import EnvironmentFault
from engine.messages import Hello, Welcome

MOST_RESTARTS = 3
RESTARTS_WITHIN_S = 60.0
_NOWHERE = "ws://127.0.0.1/ws/v1"


class ChildEngine(RemoteEngine):
    """A RemoteEngine whose host it starts itself, and starts again when that dies."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        """`env` of the process, by default that of this one: its COMPANION_* variables are the settings."""
        super().__init__(_NOWHERE, "")
        self._env = dict(os.environ if env is None else env)
        self._process: ChildProcess | None = None
        self._starts: deque[float] = deque(maxlen=MOST_RESTARTS + 1)

    async def close(self) -> None:
        """As RemoteEngine; the process has ended afterwards."""
        try:
            await super().close()
        finally:
            if self._process:
                await self._process.end()
                self._process = None

    async def open(self, hello: Hello) -> Welcome:
        """Raises EnvironmentFault `engine-not-started` too."""
        try:
            return await super().open(hello)
        except BaseException:
            await self.close()
            raise

    async def _address(self) -> Address:
        """Starts the process when there is none. Raises EnvironmentFault `engine-not-started`, and
        `engine-crashing` when it has died too often."""
        if self._process is None or self._process.ended:
            self._note_start(time.monotonic())
            token = secrets.token_urlsafe(32)
            self._process = ChildProcess(self._env)
            port = await self._process.start(token)
            self._at = Address(f"ws://127.0.0.1:{port}/ws/v1", token)
        return self._at

    def _note_start(self, now: float) -> None:
        if len(self._starts) > MOST_RESTARTS and now - self._starts[0] < RESTARTS_WITHIN_S:
            raise EnvironmentFault(
                "engine-crashing",
                "The engine crashes again and again and is not started any more; its log says why, and so "
                "may `companion-engine doctor`.",
            )
        self._starts.append(now)
