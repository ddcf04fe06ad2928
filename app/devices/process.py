"""A worker process as the app sees it (see app.devices.worker): started, listened to, killed.

Theory of operation. A worker that exchanges sound says something fifty times a second. When it has said
nothing for a second it hangs, and is killed; so whoever uses it need only wait for its end. Silence is
counted in turns of the event loop, each of which reads what has come: a loop that was held up does not blame
the worker.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable

from app.devices.wire import Cutter, Kind
from engine.program import NO_WINDOW, command_of

log = logging.getLogger(__name__)

ANSWER_S = 5.0
"""From its start to its first answer: some drivers take seconds to open a device."""
SILENT_S = 1.0
KILLED_S = 5.0
LONGEST_CHATTER = 16 * 1024
"""Bytes of what native libraries print that are logged; more is not even read."""
_TURNS = 10
_DRAIN_S = 0.2

Receive = Callable[[Kind, bytes], None]


class NoAnswer(Exception):
    """The worker has no device, hangs, or died; the text says which."""


def command() -> list[str]:
    """What starts a worker."""
    return command_of("app.devices.worker")


class Worker(asyncio.SubprocessProtocol):
    """Runs once. All methods belong to one event loop."""

    def __init__(self, receive: Receive, on_end: Callable[[], None]) -> None:
        """`receive` gets every message after the first; `on_end` is called when there will be no more."""
        loop = asyncio.get_running_loop()
        self._loop = loop
        self._receive = receive
        self._on_end = on_end
        self._cutter = Cutter()
        self._chatter = b""
        self._answer: asyncio.Future[tuple[Kind, bytes]] = loop.create_future()
        self._gone = asyncio.Event()
        self._quiet_turns = 0
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def pid(self) -> int | None:
        return self._transport.get_pid() if self._transport else None

    @property
    def ended(self) -> bool:
        """True once it runs no more."""
        return self._gone.is_set()

    async def start(self, *arguments: str) -> bytes:
        """The body of its first message. Raises NoAnswer, after which it has ended."""
        try:
            async with asyncio.timeout(ANSWER_S):
                await self._loop.subprocess_exec(
                    lambda: self,
                    *command(),
                    *arguments,
                    stdin=PIPE,
                    stdout=PIPE,
                    stderr=PIPE,
                    creationflags=NO_WINDOW,
                )
                kind, body = await self._answer
        except TimeoutError as error:
            await self.end()
            raise NoAnswer(f"it does not answer within {ANSWER_S:g} s") from error
        except OSError as error:
            raise NoAnswer(f"it cannot be asked: {error}") from error
        except BaseException:
            await self.end()
            raise
        if kind == Kind.FAILED:
            await self.end()
            raise NoAnswer(body.decode(errors="replace"))
        return body

    def watch(self) -> None:
        """From now on it is killed when it is silent for SILENT_S."""
        if self._quiet_turns >= _TURNS:
            log.info("the sound worker %s hangs and is killed", self.pid)
            self._kill()
        elif not self.ended:
            self._quiet_turns += 1
            self._loop.call_later(SILENT_S / _TURNS, self.watch)

    def send(self, message: bytes) -> None:
        """To its stdin; nothing happens when it has ended."""
        assert self._transport, "nothing is sent before the worker is started"
        pipe = self._transport.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(message)

    async def end(self) -> None:
        """Kills it, and returns when the system has taken the device back."""
        self._kill()
        if self._transport and not self.ended:
            try:
                async with asyncio.timeout(KILLED_S):
                    await self._gone.wait()
            except TimeoutError:
                log.error("The sound worker %s does not die.", self.pid)

    def _kill(self) -> None:
        if self._transport is None or self._transport.get_returncode() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._transport.kill()
            else:
                # WORKAROUND https://github.com/python/cpython/issues/87744 (before Python 3.13): see
                # engine.hosting.process.kill_process.
                os.kill(self._transport.get_pid(), signal.SIGKILL)

    # ------------------------------------------------------------ asyncio.SubprocessProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._hear_chatter(data)
            return
        self._quiet_turns = 0
        try:
            messages = self._cutter.feed(data)
        except ValueError as error:
            log.error("The sound worker sent no messages: %s", error)
            self._kill()
            return
        for kind, body in messages:
            if self._answer.done():
                self._receive(kind, body)
            elif kind in (Kind.DEVICES, Kind.OPENED, Kind.FAILED):
                self._answer.set_result((kind, body))

    def process_exited(self) -> None:
        if (
            self._transport
        ):  # a child of it (a sound server, started by a library) may have inherited its pipes
            self._loop.call_later(_DRAIN_S, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        assert self._transport
        self._transport.close()
        self._gone.set()
        if not self._answer.done():
            self._answer.set_result((Kind.FAILED, b"it died"))
        for line in self._chatter.decode(errors="replace").splitlines():
            log.debug("%d: %s", self.pid, line)
        self._on_end()

    def _hear_chatter(self, data: bytes) -> None:
        assert self._transport
        self._chatter += data[: LONGEST_CHATTER - len(self._chatter)]
        pipe = self._transport.get_pipe_transport(2)
        if len(self._chatter) == LONGEST_CHATTER and pipe:
            pipe.close()  # what it prints from now on fails, at no cost to us
