"""A host in a process of its own: starts a worker, exchanges frames over its pipes, kills it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE

from engine.errors import EnvironmentFault, PeerFault
from engine.hosting.frames import AnyFrame, Close, FrameDecoder, encode
from engine.hosting.host import CLOSE_S, Host
from engine.program import NO_WINDOW, command_of

log = logging.getLogger(__name__)

_DRAIN_S = 0.2
"""How long the pipes of a dead worker may stay open (a child of it may have inherited them), and how long a
worker may live after it closed its stdout, in seconds."""


def worker_command(*, gpl: bool = False) -> list[str]:
    """What starts a worker; `gpl` as in the traits of its backend."""
    return command_of("engine.hosting.worker", gpl=gpl)


class WorkerHost(Host, asyncio.SubprocessProtocol):
    """One worker process and its pipes: 0 and 1 carry frames, 2 goes line by line to the log."""

    _transport: asyncio.SubprocessTransport | None = None

    @property
    def pid(self) -> int | None:
        return self._transport.get_pid() if self._transport else None

    async def _open(self) -> None:
        self._decoder = FrameDecoder()
        self._stderr = LineLog(f"{self.spec.stage}-{self.spec.name}")
        loop = asyncio.get_running_loop()
        try:
            await loop.subprocess_exec(
                lambda: self,
                *worker_command(gpl=self.spec.traits().gpl),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            raise EnvironmentFault(
                "worker-not-started", f"The worker process for {self.spec.name} cannot be started: {error}."
            ) from error

    def send(self, frame: AnyFrame) -> None:
        assert self._transport is not None, "nothing is sent before the worker is started"
        pipe = self._transport.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(encode(frame))

    def _ask_to_end(self) -> None:
        if self._transport:
            self.send(Close())

    async def kill(self) -> None:
        self._dismissed = True
        if self._transport is None:
            return
        self._kill_process()
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._ended.wait()
        except TimeoutError:
            log.error("Worker %d of %s does not die.", self._transport.get_pid(), self.spec.name)
        self._transport.close()

    # ------------------------------------------------------------ asyncio.SubprocessProtocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self._stderr.feed(data, time.monotonic())
            return
        try:
            for frame in self._decoder.feed(data):
                self._receive(frame)
        except PeerFault as error:
            log.error("The worker of %s sent no frames: %s", self.spec.name, error)
            self._kill_process()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 1:  # it is ending; should it not, it is of no use without its voice
            asyncio.get_running_loop().call_later(_DRAIN_S, self._kill_process)

    def process_exited(self) -> None:
        if self._transport:
            asyncio.get_running_loop().call_later(_DRAIN_S, self._transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stderr.end()
        assert self._transport is not None
        self._transport.close()
        self._has_ended(f"its process ended with {exit_text(self._transport.get_returncode())}")

    def _kill_process(self) -> None:
        if self._transport:
            kill_process(self._transport)


def kill_process(transport: asyncio.SubprocessTransport) -> None:
    """Ends a process at once; nothing happens when it has ended already."""
    if transport.get_returncode() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            transport.kill()
        else:
            # WORKAROUND https://github.com/python/cpython/issues/87744 (before Python 3.13): transport.kill
            # polls the process first, which may take its exit code away from asyncio's child watcher.
            os.kill(transport.get_pid(), signal.SIGKILL)


def exit_text(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


class LineLog:
    """Cuts what a worker prints into lines and logs them, within bounds."""

    LINE_LIMIT = 2_000
    """Bytes of a line that are kept."""
    LINES_PER_SECOND = 200

    def __init__(self, name: str) -> None:
        self._name = name
        self._partial = b""
        self._second = 0
        self._count = 0

    def feed(self, data: bytes, now: float) -> None:
        """Takes printed bytes; `now` in seconds."""
        *lines, rest = (self._partial + data).split(b"\n")
        self._partial = rest[: self.LINE_LIMIT]
        if int(now) != self._second:
            self._second, self._count = int(now), 0
        room = max(0, self.LINES_PER_SECOND - self._count)
        self._count += len(lines)
        for line in lines[:room]:
            self._write(line)
        if lines[room:]:
            log.info("%s: (%d lines dropped)", self._name, len(lines) - room)

    def end(self) -> None:
        """The worker has ended: logs a last line without an end."""
        if self._partial:
            self._write(self._partial)
            self._partial = b""

    def _write(self, line: bytes) -> None:
        text = line[: self.LINE_LIMIT].decode("utf-8", errors="replace").rstrip("\r")
        log.info("%s: %s", self._name, text)
