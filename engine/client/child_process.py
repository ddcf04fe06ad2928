"""The process of a child engine: a token goes in by its stdin, which stays open as long as it shall live."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from asyncio.subprocess import PIPE
from collections.abc import Mapping

from engine.errors import EnvironmentFault
from engine.hosting.process import LineLog, exit_text, kill_process
from engine.program import NO_WINDOW, command_of

log = logging.getLogger(__name__)

START_S = 60.0
"""From its start until it tells its port."""
END_S = 10.0
"""To end by itself, after which it is killed."""
_KILLED_S = 5.0
_LONGEST_LINE = 1000


def command() -> list[str]:
    """What starts it."""
    return command_of("engine.cli", "serve", "--child")


class ChildProcess(asyncio.SubprocessProtocol):
    """Starts once. Its stderr goes line by line to the log."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._transport: asyncio.SubprocessTransport | None = None
        self._stderr = LineLog("engine")
        self._last_words = b""
        self._line = b""
        self._port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._gone = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._transport.get_pid() if self._transport else None

    @property
    def ended(self) -> bool:
        """True once it runs no more."""
        return self._gone.is_set()

    async def start(self, token: str) -> int:
        """The port on which it serves who knows `token`. Raises EnvironmentFault `engine-not-started`."""
        try:
            async with asyncio.timeout(START_S):
                await self._spawn()
                self._stdin().write(f"{token}\n".encode())
                return await self._port
        except TimeoutError as error:
            await self.end()
            raise _not_started(f"it says nothing for {START_S:g} s") from error
        except OSError as error:
            self._gone.set()
            raise _not_started(error.strerror or "") from error
        except BaseException:
            await self.end()
            raise

    async def end(self) -> None:
        """Asks it to end by closing its stdin; kills it when that takes too long."""
        if self._transport is None:
            return
        self._stdin().close()
        try:
            async with asyncio.timeout(END_S):
                await self._gone.wait()
        except TimeoutError:
            log.warning("the engine's process %d does not end and is killed", self._transport.get_pid())
        finally:
            kill_process(self._transport)
        try:
            async with asyncio.timeout(_KILLED_S):
                await self._gone.wait()
        except TimeoutError:
            log.error("the engine's process %d does not die", self._transport.get_pid())
        self._transport.close()

    # ------------------------------------------------------------ asyncio.SubprocessProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._last_words = (self._last_words + data)[-_LONGEST_LINE:]
            self._stderr.feed(data, time.monotonic())
        elif not self._port.done():
            self._line += data
            if b"\n" in self._line or len(self._line) > _LONGEST_LINE:
                self._read_port()

    def process_exited(self) -> None:
        self._gone.set()
        if self._transport:  # a worker of it may have inherited its pipes
            asyncio.get_running_loop().call_later(0.2, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stderr.end()
        assert self._transport
        if not self._port.done():
            lines = self._last_words.decode("utf-8", errors="replace").strip().splitlines()
            how = exit_text(self._transport.get_returncode())
            self._port.set_exception(_not_started(lines[-1] if lines else how))

    def _read_port(self) -> None:
        try:
            self._port.set_result(int(json.loads(self._line)["port"]))
        except (ValueError, KeyError, TypeError):
            self._port.set_exception(_not_started("it does not tell its port"))

    def _stdin(self) -> asyncio.WriteTransport:
        assert self._transport
        pipe = self._transport.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)
        return pipe

    async def _spawn(self) -> None:
        await asyncio.get_running_loop().subprocess_exec(
            lambda: self,
            *command(),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(self._env),
            creationflags=NO_WINDOW,
        )


def _not_started(why: str) -> EnvironmentFault:
    return EnvironmentFault(
        "engine-not-started",
        f"The engine did not start ({why}); its log says more, and so may `companion-engine doctor`.",
    )
