"""Hands-free listening: a voice detector watches the microphone, the endpointer cuts it into utterances.

    hear ─► detector ─► endpointer ─► listener (opens and commits the utterance)
       └─► last half second ─────────► ear (the audio of the utterance)

Until echo is cancelled the microphone is ignored while the companion speaks and for a guard time after.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from engine.blocks import BlockQueue
from engine.conversation.endpointing import Endpointer, EndpointEvent
from engine.errors import CompanionError, as_companion_error
from engine.listening import BYTES_PER_MS, Ear, listening_deadlines
from engine.settings import Settings
from engine.stages import StageService
from engine.together import together
from engine.vad import VadFrame, VadRequest

log = logging.getLogger(__name__)

PREROLL_MS = 500
"""Audio from before the detector was sure, given to the recogniser: it holds the first sounds."""
_QUEUE_BYTES = 200 * BYTES_PER_MS


class HandsFreeListener(Protocol):
    """Who is told what goes on in the stream. All calls come from the event loop."""

    def on_endpoint(self, event: EndpointEvent, known_after_ms: float) -> None:
        """Speech began, paused, went on or ended, `known_after_ms` of audio ago."""
        ...

    def on_watch_fault(self, error: CompanionError) -> None:
        """Watching failed; hands-free is off."""
        ...


class DetectorSource(Protocol):
    """Lends a detector (engine.detectors)."""

    def borrow(self) -> AbstractAsyncContextManager[StageService[VadRequest, VadFrame]]:
        """A detector of one's own for as long as one listens. Entering raises CompanionError."""
        ...


class HandsFree:
    """Owns the detector's call and the task that serves it, while it is switched on."""

    def __init__(
        self,
        detectors: DetectorSource,
        ear: Ear,
        settings: Settings,
        listener: HandsFreeListener,
    ) -> None:
        self._detectors = detectors
        self._ear = ear
        self._settings = settings
        self._listener = listener
        self._watcher: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._blocks = BlockQueue(_QUEUE_BYTES)
        self._deaf = False
        self._skip_bytes = 0

    async def hear(self, pcm: bytes) -> None:
        """Audio of the stream (16 kHz int16, whole samples); ignored while switched off or deaf. Waits while
        the detector is behind."""
        if not self._watcher or self._deaf:
            return
        skipped = min(self._skip_bytes, len(pcm))
        self._skip_bytes -= skipped
        if pcm := pcm[skipped:]:
            await self._blocks.put(pcm)

    def set_deaf(self, deaf: bool) -> None:
        """While the companion speaks (or the key is held) the stream is not listened to; afterwards the room
        still echoes."""
        if self._deaf and not deaf:
            self._skip_bytes = self._settings.turn.echo_guard_ms * BYTES_PER_MS
        self._deaf = deaf

    def switch(self, on: bool) -> None:
        """Switches watching on or off."""
        if on and not self._watcher:
            self._blocks = BlockQueue(_QUEUE_BYTES)
            self._watcher = asyncio.create_task(self._watch(), name="watch-microphone")
        elif not on and self._watcher:
            self._blocks.end()
            self._watcher.cancel()
            self._ending.add(self._watcher)
            self._watcher.add_done_callback(self._ending.discard)
            self._watcher = None

    async def close(self) -> None:
        """Stops watching and waits until it has stopped."""
        self.switch(False)
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _watch(self) -> None:
        stream = _Stream(self._settings)
        blocks = self._blocks

        async def pump() -> None:
            while (pcm := await blocks.get()) is not None:
                # A recording that comes faster than speech must not be seconds ahead of what is known of it.
                await stream.wait_for_judgement()
                stream.unjudged += pcm
                await call.feed(pcm)
            call.end_feed()

        async def read() -> None:
            async for frame in call:
                await self._on_frame(stream, frame)

        try:
            deadlines = listening_deadlines(self._settings)
            async with (
                self._detectors.borrow() as detector,
                detector.call(VadRequest(), deadlines, listening=True) as call,
            ):
                await together(pump(), read())
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("watching the microphone failed")
            self._watcher = None
            self._listener.on_watch_fault(as_companion_error(error))
        finally:
            blocks.end()

    async def _on_frame(self, stream: _Stream, frame: VadFrame) -> None:
        pcm = stream.take(frame)
        if self._deaf:
            stream.endpointer.reset()
            return
        for event in stream.endpointer.process(frame.offset, frame.samples, frame.probability):
            known_after = frame.offset + frame.samples - event.offset
            self._listener.on_endpoint(event, 2 * known_after / BYTES_PER_MS)
            if event.kind == "started":
                pcm = stream.preroll()
        if stream.endpointer.speech:
            await self._ear.hear(pcm)


class _Stream:
    """What is remembered of the stream: audio not judged yet, and the last half second."""

    def __init__(self, settings: Settings) -> None:
        turn = settings.turn
        self.endpointer = Endpointer(
            threshold=settings.vad.threshold,
            min_speech_ms=turn.min_speech_ms,
            end_silence_ms=turn.end_silence_ms,
        )
        self.unjudged = bytearray()
        self._judged = asyncio.Event()
        self._recent = bytearray()
        self._recent_bytes = (PREROLL_MS + turn.min_speech_ms) * BYTES_PER_MS

    def take(self, frame: VadFrame) -> bytes:
        """The audio of `frame`."""
        pcm = bytes(self.unjudged[: 2 * frame.samples])
        del self.unjudged[: 2 * frame.samples]
        self._judged.set()
        self._recent += pcm
        del self._recent[: max(0, len(self._recent) - self._recent_bytes)]
        return pcm

    async def wait_for_judgement(self) -> None:
        """Waits while the detector is a whole queue behind."""
        while len(self.unjudged) >= _QUEUE_BYTES:
            self._judged.clear()
            await self._judged.wait()

    def preroll(self) -> bytes:
        """The last half second and a little more, the newest frame included."""
        return bytes(self._recent)
