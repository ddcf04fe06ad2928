"""The voice of one reply: clauses in, timed audio out, never more than a little ahead of what is heard.

    clause ─► synthesiser ─► resampler ─► blocks ─► (waits for credit) ─► outbox
                    └─► marks, moved to the stream's rate and the shown text ─┘

A clause whose synthesis fails is shown without sound, and so is the rest of the reply; the next reply tries
again. The play-out ledger knows what was sent and what was heard.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from engine.audio import Resampler
from engine.conversation.clauses import Clause
from engine.conversation.playout import PlayoutLedger
from engine.errors import CompanionError, PeerFault
from engine.hosting.deadlines import Deadlines
from engine.messages import Mark, ReplyMarks, ReplySegment, SpeechAudio
from engine.outbox import Outbox
from engine.settings import Settings
from engine.stages import VoiceService
from engine.tts import SpeechChunk, SpeechRequest

log = logging.getLogger(__name__)

BLOCK_MS = 100


class Speaker:
    """Speaks the clauses of one reply, one after another."""

    def __init__(
        self,
        stream: int,
        tts: VoiceService,
        outbox: Outbox,
        *,
        rate: int,
        settings: Settings,
        may_speak: asyncio.Event,
        on_chunk: Callable[[], None],
        on_sample: Callable[[], None],
        on_fault: Callable[[CompanionError], None],
    ) -> None:
        """`may_speak` holds the first sample back while it is clear; `on_chunk` and `on_sample` are called
        before each block is made and sent, `on_fault` once, when the voice fails."""
        self._stream = stream
        self._tts = tts
        self._outbox = outbox
        self._rate = rate
        self._settings = settings
        self._may_speak = may_speak
        self._on_chunk = on_chunk
        self._on_sample = on_sample
        self._on_fault = on_fault
        self._segment = 0
        self._sequence = 0
        self._mute = False
        self._progress = asyncio.Event()
        self.ledger = PlayoutLedger(rate)

    # ------------------------------------------------------------ what the client reports

    def played(self, samples: int) -> None:
        """The client has played `samples` of the stream."""
        self.ledger.played(samples)
        self._progress.set()

    # ------------------------------------------------------------ speaking

    async def speak(self, clause: Clause) -> None:
        """Sends one clause with its sound; returns when all of it is sent. Raises PeerFault
        `playback-lost` when the client stops reporting."""
        segment, self._segment = self._segment, self._segment + 1
        start = self.ledger.total
        self.ledger.add_segment(segment, clause.text, clause.emotion, start)
        await self._outbox.room()
        self._outbox.put(
            ReplySegment(
                stream=self._stream, segment=segment, text=clause.text, emotion=clause.emotion, offset=start
            )
        )
        if clause.spoken and not self._mute:
            try:
                await self._voice(segment, start, clause)
            except PeerFault:
                raise
            except CompanionError as error:
                self._mute = True
                self._on_fault(error)

    async def finish(self) -> None:
        """Ends the stream and waits until all of it was heard. Raises PeerFault `playback-lost`."""
        self.ledger.end()
        if self._sequence:
            self._put_audio(b"", last=True)
        while not self.ledger.finished:
            await self._progressed()

    async def _voice(self, segment: int, start: int, clause: Clause) -> None:
        limits = self._settings.deadlines
        deadlines = Deadlines(limits.tts_first_s, limits.tts_gap_s, limits.tts_total_s)
        request = SpeechRequest(clause.spoken, clause.emotion)
        native_rate = self._tts.sample_rate
        resampler = Resampler(native_rate, self._rate)
        async with self._tts.call(request, deadlines) as call:
            async for chunk in call:
                self._on_chunk()
                self._mark(segment, self._moved(chunk, clause, start, native_rate))
                await self._send(resampler.process(chunk.pcm))
        await self._send(resampler.flush())

    def _moved(self, chunk: SpeechChunk, clause: Clause, start: int, native_rate: int) -> tuple[Mark, ...]:
        """Marks count spoken characters and the clause's own samples; the client wants shown characters and
        the stream's."""
        return tuple(
            Mark(
                clause.text_end(mark.char_end),
                start + round(mark.sample_end * self._rate / native_rate),
                mark.viseme,
            )
            for mark in chunk.marks
        )

    def _mark(self, segment: int, marks: tuple[Mark, ...]) -> None:
        if marks:
            self.ledger.add_marks(segment, marks)
            self._outbox.put(ReplyMarks(stream=self._stream, segment=segment, marks=marks))

    async def _send(self, pcm: bytes) -> None:
        block = 2 * self._rate * BLOCK_MS // 1000
        for start in range(0, len(pcm), block):
            while not self.ledger.credit:
                await self._progressed()
            await self._outbox.room()
            await self._may_speak.wait()
            self._on_sample()
            self._put_audio(pcm[start : start + block])

    def _put_audio(self, pcm: bytes, *, last: bool = False) -> None:
        self._outbox.put(
            SpeechAudio(
                stream=self._stream, sequence=self._sequence, offset=self.ledger.total, pcm=pcm, last=last
            )
        )
        self._sequence += 1
        self.ledger.add_audio(len(pcm) // 2)

    async def _progressed(self) -> None:
        self._progress.clear()
        try:
            async with asyncio.timeout(self._settings.deadlines.playback_s):
                await self._progress.wait()
        except TimeoutError:
            raise PeerFault(
                "playback-lost", "The speaker stopped reporting what it plays; the reply was ended there."
            ) from None
