"""A TCP proxy before a WebSocket host, for bad weather: it cuts, delays, stalls, or just goes silent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

Direction = Literal["up", "down"]
"""To the host, to the client."""


class Cut(NamedTuple):
    """Where a connection is cut."""

    direction: Direction
    messages: int | None = None
    """After so many messages (not counting pings and pongs)."""
    bytes: int | None = None
    """After so many bytes following the handshake, in the middle of whatever that is."""


class CuttingProxy:
    """`async with` it; connect to `port`."""

    def __init__(self, target: int) -> None:
        """`target`: port of the host on this machine."""
        self.target = target
        self.cuts: list[Cut] = []
        """For the next connections, one each; those after them are left in peace."""
        self.delay_s = 0.0
        """Each message is held back so long."""
        self.flowing = asyncio.Event()
        """Clear: nothing is forwarded, nothing is closed."""
        self.flowing.set()
        self.dead = False
        """True: connections are half open: what comes in is swallowed, in both directions."""
        self.refusing = False
        """True: new connections are closed at once."""
        self.connections = 0
        self.passed: dict[Direction, int] = {"up": 0, "down": 0}
        """Messages forwarded so far."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1")
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        cut = self.cuts.pop(0) if self.cuts else None
        host_reader, host_writer = await asyncio.open_connection("127.0.0.1", self.target)
        pumps = [
            asyncio.create_task(self._pump("up", reader, host_writer, cut)),
            asyncio.create_task(self._pump("down", host_reader, writer, cut)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            if not cut:
                await asyncio.wait(pumps, timeout=0.1)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            for end in (writer, host_writer):
                end.close()

    async def _pump(
        self,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        cut: Cut | None,
    ) -> None:
        """Forwards until one side ends or the cut is reached."""
        frames = _Frames()
        messages = size = 0
        mine = cut if cut and cut.direction == direction else None
        if mine and mine.messages == 0:
            mine = mine._replace(bytes=0)
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                for frame, counts, after_handshake in frames.feed(data):
                    if self.delay_s:
                        await asyncio.sleep(self.delay_s)
                    await self.flowing.wait()
                    if self.dead:
                        continue
                    if mine and mine.bytes is not None and after_handshake:
                        if size + len(frame) >= mine.bytes:
                            writer.write(frame[: mine.bytes - size])
                            await writer.drain()
                            return
                        size += len(frame)
                    writer.write(frame)
                    await writer.drain()
                    messages += counts
                    self.passed[direction] += counts
                    if mine and messages == mine.messages:
                        return


class _Frames:
    """Cuts a stream of bytes into the HTTP head and WebSocket frames."""

    def __init__(self) -> None:
        self._data = b""
        self._open = False

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bool, bool]]:
        """Each whole piece, whether it counts as a message, and whether it comes after the handshake."""
        self._data += data
        if not self._open:
            head, end, rest = self._data.partition(b"\r\n\r\n")
            if not end:
                return
            self._open, self._data = True, rest
            yield head + end, False, False
        while (length := self._frame_length()) is not None and len(self._data) >= length:
            frame, self._data = self._data[:length], self._data[length:]
            yield frame, frame[0] & 0x0F < 8, True

    def _frame_length(self) -> int | None:
        data = self._data
        if len(data) < 2:
            return None
        size, start = data[1] & 0x7F, 2
        wide = {126: 2, 127: 8}.get(size, 0)
        if wide:
            if len(data) < 2 + wide:
                return None
            size, start = int.from_bytes(data[2 : 2 + wide], "big"), 2 + wide
        return start + (4 if data[1] & 0x80 else 0) + size
