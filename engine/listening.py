"""The ear of one session: the audio of an utterance in, its transcript out.

The recogniser works while the user still speaks:

    hear ─► utterance (bounded queue) ─► recogniser ─► listener

An utterance is opened by the push-to-talk key or by engine.hands_free, and ends by being committed (its
transcript follows) or cancelled (its recogniser is stopped).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Protocol

from engine.asr import SAMPLE_RATE, AsrRequest, Transcript
from engine.blocks import BlockQueue
from engine.errors import CompanionError, StageFault, as_companion_error
from engine.hosting.deadlines import Deadlines
from engine.settings import Settings
from engine.stages import StageService
from engine.together import together

log = logging.getLogger(__name__)

BYTES_PER_MS = 2 * SAMPLE_RATE // 1000
QUEUE_BYTES = 2000 * BYTES_PER_MS
"""Audio that may wait for the recogniser (2 s); then whoever sends it waits."""
_SHORTEST_BYTES = 100 * BYTES_PER_MS


class EarListener(Protocol):
    """Who is told what was understood. All calls come from the event loop."""

    def on_partial(self, turn: int, transcript: Transcript) -> None:
        """What was understood so far."""
        ...

    def on_transcript(self, turn: int, transcript: Transcript) -> None:
        """The utterance of `turn` was understood (or not: see `understood`)."""
        ...

    def on_ear_fault(self, turn: int, error: CompanionError) -> None:
        """Recognising `turn` failed."""
        ...

    def on_too_long(self, turn: int) -> None:
        """The utterance of `turn` reached the longest length and must be committed."""
        ...


@dataclass
class _Utterance:
    turn: int
    blocks: BlockQueue = field(default_factory=lambda: BlockQueue(QUEUE_BYTES))
    heard_bytes: int = 0


class Ear:
    """Owns the recogniser's calls and the tasks that serve them."""

    def __init__(
        self, asr: StageService[AsrRequest, Transcript], settings: Settings, listener: EarListener
    ) -> None:
        self._asr = asr
        self._settings = settings
        self._listener = listener
        self._open: _Utterance | None = None
        self._recognising: dict[int, asyncio.Task[None]] = {}

    async def hear(self, pcm: bytes) -> None:
        """Audio (16 kHz int16, whole samples) of the open utterance; without one it is ignored. Waits while
        the recogniser is behind: nothing is dropped."""
        utterance = self._open
        if utterance is None:
            return
        utterance.heard_bytes += len(pcm)
        await utterance.blocks.put(pcm)
        longest = self._settings.turn.max_utterance_s * 1000 * BYTES_PER_MS
        if utterance is self._open and utterance.heard_bytes >= longest:
            self._listener.on_too_long(utterance.turn)

    def open(self, turn: int) -> None:
        """Starts recognising `turn`."""
        self._open = utterance = _Utterance(turn)
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
        self.commit(turn)
        if task := self._recognising.get(turn):
            task.cancel()

    async def close(self) -> None:
        """Stops everything and waits until it has stopped."""
        tasks = list(self._recognising.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _recognise(self, utterance: _Utterance) -> None:
        try:
            final = await self._transcribe(utterance)
        except Exception as error:
            if not isinstance(error, CompanionError):
                log.exception("recognising failed")
            self._listener.on_ear_fault(utterance.turn, as_companion_error(error))
        else:
            self._listener.on_transcript(utterance.turn, final)
        finally:
            utterance.blocks.end()

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

        deadlines = listening_deadlines(self._settings)
        async with self._asr.call(AsrRequest(), deadlines, listening=True) as call:
            await together(pump(), read())
        if utterance.heard_bytes < _SHORTEST_BYTES:
            return Transcript(text="", final=True)
        if not finals:
            raise StageFault("asr", "The recogniser gave no transcript; say it again or type it.")
        return finals[-1]


def listening_deadlines(settings: Settings) -> Deadlines:
    """Deadlines of a call with a feed: they run from the end of the feed."""
    seconds = settings.deadlines.asr_s
    return Deadlines(first_s=seconds, gap_s=seconds, total_s=2 * seconds)
