"""The ear of one session: microphone audio in, utterances and transcripts out.

By key, everything between press and release is one utterance. Hands-free, a voice detector watches the stream
and the endpointer cuts it into utterances. Either way the recogniser works while the user still speaks.

    hear_key ──────────────────────────────────┐
    hear_open ─► detector ─► endpointer ─► pre-roll ─► utterance (bounded queue) ─► recogniser ─► listener
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Protocol

from engine.asr import SAMPLE_RATE, AsrRequest, Transcript
from engine.blocks import BlockQueue
from engine.conversation.endpointing import Endpointer, EndpointEvent
from engine.errors import CompanionError, StageFault, as_companion_error
from engine.hosting.deadlines import Deadlines
from engine.settings import Settings
from engine.stages import StageService
from engine.together import together
from engine.vad import VadFrame, VadRequest

log = logging.getLogger(__name__)

PREROLL_MS = 500
"""Audio from before the detector was sure, given to the recogniser: it holds the first sounds."""
_MIN_UTTERANCE_BYTES = 2 * SAMPLE_RATE // 10
_BYTES_PER_MS = 2 * SAMPLE_RATE // 1000
_QUEUE_BYTES = 2000 * _BYTES_PER_MS


class EarListener(Protocol):
    """Who is told. All calls come from the event loop."""

    def on_endpoint(self, event: EndpointEvent, known_after_ms: float) -> None:
        """Hands-free speech began, paused, went on or ended, `known_after_ms` of audio ago."""
        ...

    def on_partial(self, turn: int, transcript: Transcript) -> None:
        """What was understood so far."""
        ...

    def on_transcript(self, turn: int, transcript: Transcript) -> None:
        """The utterance of `turn` was understood (or not: see `understood`)."""
        ...

    def on_ear_fault(self, turn: int | None, error: CompanionError) -> None:
        """Recognising `turn` failed; with no turn, watching did, and hands-free is off."""
        ...

    def on_too_long(self, turn: int) -> None:
        """The utterance of `turn` reached the longest length and must be committed."""
        ...


@dataclass
class _Utterance:
    turn: int
    by_key: bool
    blocks: BlockQueue = field(default_factory=lambda: BlockQueue(_QUEUE_BYTES))
    heard_bytes: int = 0


class Ear:
    """Owns the detector's call, the recogniser's calls and the tasks that serve them."""

    def __init__(
        self,
        vad: StageService[VadRequest, VadFrame],
        asr: StageService[AsrRequest, Transcript],
        settings: Settings,
        listener: EarListener,
    ) -> None:
        self._vad = vad
        self._asr = asr
        self._settings = settings
        self._listener = listener
        self._open: _Utterance | None = None
        self._recognising: dict[int, asyncio.Task[None]] = {}
        self._watcher: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._watch_blocks = BlockQueue(_QUEUE_BYTES)
        self._deaf = False
        self._skip_bytes = 0
        self.language = ""
        """Language expected of the user; empty lets the recogniser find out."""

    @property
    def hands_free(self) -> bool:
        """True while the stream is watched for speech."""
        return self._watcher is not None

    # ------------------------------------------------------------ audio

    async def hear_key(self, pcm: bytes) -> None:
        """Audio of the pressed key's utterance (16 kHz int16, whole samples). Waits while the recogniser is
        behind: nothing is dropped."""
        utterance = self._open
        if utterance and utterance.by_key:
            await self._add(utterance, pcm)

    async def hear_open(self, pcm: bytes) -> None:
        """Audio of the hands-free stream. Ignored while deaf and for the guard time after."""
        if not self._watcher or self._deaf:
            return
        skipped = min(self._skip_bytes, len(pcm))
        self._skip_bytes -= skipped
        if pcm := pcm[skipped:]:
            await self._watch_blocks.put(pcm)

    def set_deaf(self, deaf: bool) -> None:
        """While the companion speaks hands-free must not hear her; afterwards the room still echoes."""
        if self._deaf and not deaf:
            self._skip_bytes = self._settings.turn.echo_guard_ms * _BYTES_PER_MS
        self._deaf = deaf

    # ------------------------------------------------------------ utterances

    def open(self, turn: int, *, by_key: bool) -> None:
        """Starts recognising `turn`."""
        self._open = utterance = _Utterance(turn, by_key)
        task = asyncio.create_task(self._recognise(utterance), name=f"recognise-{turn}")
        self._recognising[turn] = task
        task.add_done_callback(lambda _: self._recognising.pop(turn, None))

    def commit(self, turn: int) -> None:
        """No more audio for `turn`; its transcript follows."""
        if self._open and self._open.turn == turn:
            self._open.blocks.end()
            self._open = None

    def cancel(self, turn: int) -> None:
        """Throws the utterance away; its recogniser is stopped."""
        if self._open and self._open.turn == turn:
            self._open.blocks.end()
            self._open = None
        if task := self._recognising.get(turn):
            task.cancel()

    def watch(self, on: bool) -> None:
        """Switches hands-free on or off."""
        if on and not self._watcher:
            self._watch_blocks = BlockQueue(_QUEUE_BYTES)
            self._watcher = asyncio.create_task(self._watch(), name="watch-microphone")
        elif not on and self._watcher:
            self._watch_blocks.end()
            self._watcher.cancel()
            self._ending.add(self._watcher)
            self._watcher.add_done_callback(self._ending.discard)
            self._watcher = None

    async def close(self) -> None:
        """Stops everything and waits until it has stopped."""
        self.watch(False)
        for task in self._recognising.values():
            task.cancel()
        await asyncio.gather(*self._recognising.values(), *self._ending, return_exceptions=True)

    # ------------------------------------------------------------ inside

    async def _add(self, utterance: _Utterance, pcm: bytes) -> None:
        utterance.heard_bytes += len(pcm)
        await utterance.blocks.put(pcm)
        if utterance.heard_bytes >= self._settings.turn.max_utterance_s * 1000 * _BYTES_PER_MS:
            self._listener.on_too_long(utterance.turn)

    async def _recognise(self, utterance: _Utterance) -> None:
        try:
            final = await self._transcribe(utterance)
        except CompanionError as error:
            self._listener.on_ear_fault(utterance.turn, error)
        except Exception as error:
            log.exception("recognising failed")
            self._listener.on_ear_fault(utterance.turn, as_companion_error(error))
        else:
            self._listener.on_transcript(utterance.turn, final)
        finally:
            utterance.blocks.end()

    def _deadlines(self) -> Deadlines:
        seconds = self._settings.deadlines.asr_s
        return Deadlines(first_s=seconds, gap_s=seconds, total_s=2 * seconds)

    async def _transcribe(self, utterance: _Utterance) -> Transcript:
        finals: list[Transcript] = []

        async def pump() -> None:
            while (pcm := await utterance.blocks.get()) is not None:
                await call.feed(pcm)
            call.end_feed()

        async def read() -> None:
            async for transcript in call:
                if transcript.final:
                    finals.append(transcript)
                else:
                    self._listener.on_partial(utterance.turn, transcript)

        async with self._asr.call(AsrRequest(self.language), self._deadlines(), listening=True) as call:
            await together(pump(), read())
        if utterance.heard_bytes < _MIN_UTTERANCE_BYTES:
            return Transcript(text="", final=True)
        if not finals:
            raise StageFault("asr", "The recogniser gave no transcript; say it again or type it.")
        return finals[-1]

    async def _watch(self) -> None:
        watch = _Watch(self._settings)

        async def pump() -> None:
            while (pcm := await self._watch_blocks.get()) is not None:
                watch.unjudged += pcm
                await call.feed(pcm)
            call.end_feed()

        async def read() -> None:
            async for frame in call:
                await self._on_frame(watch, frame)

        try:
            async with self._vad.call(VadRequest(), self._deadlines(), listening=True) as call:
                await together(pump(), read())
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("watching the microphone failed")
            self.watch(False)
            self._listener.on_ear_fault(None, as_companion_error(error))

    async def _on_frame(self, watch: _Watch, frame: VadFrame) -> None:
        pcm = watch.take(frame)
        for event in watch.endpointer.process(frame.offset, frame.samples, frame.probability):
            known_after_ms = (frame.offset + frame.samples - event.offset) * 1000 / SAMPLE_RATE
            self._listener.on_endpoint(event, known_after_ms)
            if event.kind == "started" and self._open:
                await self._add(self._open, watch.preroll())
                return
        utterance = self._open
        if utterance and not utterance.by_key:
            await self._add(utterance, pcm)


class _Watch:
    """What the watcher remembers of the stream: audio not judged yet, and the last half second."""

    def __init__(self, settings: Settings) -> None:
        turn = settings.turn
        self.endpointer = Endpointer(
            threshold=settings.vad.threshold,
            min_speech_ms=turn.min_speech_ms,
            end_silence_ms=turn.end_silence_ms,
        )
        self.unjudged = bytearray()
        self._recent = bytearray()
        self._recent_bytes = (PREROLL_MS + turn.min_speech_ms) * _BYTES_PER_MS

    def take(self, frame: VadFrame) -> bytes:
        """The audio of `frame`."""
        pcm = bytes(self.unjudged[: 2 * frame.samples])
        del self.unjudged[: 2 * frame.samples]
        self._recent += pcm
        del self._recent[: max(0, len(self._recent) - self._recent_bytes)]
        return pcm

    def preroll(self) -> bytes:
        """The stream's last half second and a little more, the newest frame included."""
        return bytes(self._recent)
