"""The speaker: plays the companion's voice, and says what of it was heard.

The device is open while something is played and shortly after. When it is lost, the speech goes on from there
on the device that the system offers then. Without any device the words still pass at the pace of speech, so
that the conversation goes on in writing, and a device is looked for again and again.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable

from app.devices.feed import Feed
from app.devices.play_queue import PlayQueue, Position
from app.devices.portaudio import Output, open_output
from engine.errors import EnvironmentFault
from engine.messages import Playback, SpeechAudio

log = logging.getLogger(__name__)

REPORT_S = 0.05
KEPT_OPEN_S = 5.0
"""After the last word, so that the next reply need not wait for the device."""
PATIENCE_S = 2.0
"""So long the words wait for a device to open; from then on they pass unheard."""
RETRY_S = 3.0
"""Between two attempts to find a device."""

Report = Callable[[Playback], Awaitable[None]]
OnDevice = Callable[[str, EnvironmentFault | None], None]
"""Told the name of the device that plays from now on, or why there is none."""


class Speaker:
    """Plays one stream at a time. All methods belong to one event loop, but `position`: any thread."""

    def __init__(self, rate: int, report: Report, on_device: OnDevice) -> None:
        """`rate`: hertz of the speech; `report` sends a play-out report to the engine."""
        self.rate = rate
        self._report = report
        self._on_device = on_device
        self._queue = PlayQueue(rate)
        self._chosen = ""
        self._muted = False
        self._output: Output | None = None
        self._feed: Feed | None = None
        self._opening: asyncio.Task[None] | None = None
        self._told: tuple[str, str] | None = None
        self._wanted = asyncio.Event()
        self._busy_at = self._tried_at = -math.inf

    def play(self, block: SpeechAudio) -> None:
        """Queues a block; one of a new stream ends the old."""
        added = self._queue.put(block.stream, block.pcm, last=block.last)
        if self._feed:
            self._feed.put(added)
        self._wanted.set()

    def position(self) -> Position:
        """What is heard at this moment."""
        return self._queue.position(time.monotonic())

    async def flush(self, stream: int) -> None:
        """Falls silent at once and reports what had been heard."""
        played = self._queue.flush(stream, time.monotonic())
        if self._feed:
            self._feed.catch_up()
        await self._report(Playback(stream=stream, played=played, state="flushed"))

    def mute(self, on: bool) -> None:
        """Plays on without a sound, or is heard again."""
        self._muted = on
        if self._output:
            self._output.mute(on)

    async def use(self, device: str) -> None:
        """Plays on the device of that name from now on; empty: on the system's default one."""
        self._chosen = device
        await self._close()

    async def run(self) -> None:
        """Plays and reports until cancelled."""
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                self._busy_at = time.monotonic()
                while time.monotonic() - self._busy_at < KEPT_OPEN_S:
                    await self._play_on()
                await self._close()
        finally:
            await self._close()

    async def _play_on(self) -> None:
        """Sees that there is a device, waits a moment, and reports what was heard meanwhile."""
        await self._keep_open()
        before = self.position()
        if self._output:
            await asyncio.sleep(REPORT_S)
        else:
            await self._pass(REPORT_S)
        now = self.position()
        if now != before or not self._queue.all_taken:  # a device that hangs stands still for a while
            self._busy_at = time.monotonic()
        if now != before and now.stream:
            state = "done" if now.ended else "progress"
            await self._report(Playback(stream=now.stream, played=now.samples, state=state))

    async def _pass(self, seconds: float) -> None:
        """As much time as words take that nobody hears."""
        self._queue.took(self._queue.waiting().generation, round(seconds * self.rate), time.monotonic())
        await asyncio.sleep(seconds)

    async def _keep_open(self) -> None:
        """Sees to it that there is a device or that one is looked for."""
        if self._output and self._output.ended:
            log.info("the sound device %r has gone", self._output.device)
            await self._close()
        if self._opening and self._opening.done():
            self._opening.result()
            self._opening = None
        since_s = time.monotonic() - self._tried_at
        if not self._output and not self._opening and since_s >= RETRY_S:
            self._tried_at, since_s = time.monotonic(), 0.0
            self._opening = asyncio.create_task(self._open(), name="speaker")
        if self._opening:
            await asyncio.wait([self._opening], timeout=max(0.0, PATIENCE_S - since_s))

    async def _open(self) -> None:
        try:
            output = await open_output(self.rate, self._chosen)
        except EnvironmentFault as error:
            self._tell("", error)
            return
        output.mute(self._muted)
        self._output, self._feed = output, Feed(self._queue, output.rate, output.send)
        output.took = self._feed.took
        self._tell(output.device, None)

    def _tell(self, device: str, error: EnvironmentFault | None) -> None:
        news = (device, error.code if error else "")
        if news != self._told:
            self._told = news
            self._on_device(device, error)

    async def _close(self) -> None:
        """Another device, or the same again, may be opened at once."""
        opening, self._opening = self._opening, None
        output, self._output, self._feed = self._output, None, None
        self._tried_at = -math.inf
        if opening:
            opening.cancel()
            await asyncio.wait([opening])
        if output:
            await output.close()
