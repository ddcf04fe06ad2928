"""Runs the replies of a session, one at a time, each to its one end.

However a reply ends (heard out, stopped, failed), the same happens: its work has really stopped, the client
has flushed what was queued, what was heard is in the history and in the record, and only then the client is
told and the next reply may start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from engine.clock import Clock
from engine.conversation.emotion import Mood
from engine.conversation.language import Language
from engine.conversation.prompt import HeardAffect, Prompt
from engine.errors import CompanionError, as_companion_error
from engine.llm import TextPiece
from engine.messages import (
    Emotion,
    ErrorEvent,
    Flush,
    Playback,
    ReplyCancelled,
    ReplyDone,
    TurnEvent,
)
from engine.notices import notice, sentence
from engine.outbox import Outbox
from engine.prompting import PromptMaker
from engine.recording import Outcome, Recorder
from engine.replying import Reply
from engine.settings import Settings
from engine.speaking import Speaker
from engine.stages import StageService, VoiceService
from engine.trace import TurnTrace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What is answered."""

    turn: int
    text: str
    affect: HeardAffect | None
    trace: TurnTrace
    recorded: bool
    """True: the turn is in the record, and so must be how its reply ended."""


class Conductor:
    """Owns the running reply. At most one runs; the caller starts the next when `on_ended` was called."""

    def __init__(
        self,
        *,
        llm: StageService[Prompt, TextPiece],
        tts: VoiceService,
        outbox: Outbox,
        prompts: PromptMaker,
        recorder: Recorder | None,
        settings: Settings,
        output_rate: int,
        clock: Clock,
        on_prompted: Callable[[], None],
        on_audible: Callable[[int], None],
        on_ended: Callable[[int, TurnTrace], None],
    ) -> None:
        """`on_prompted()` is called when the mind begins to think, `on_audible(generation)` before the first
        sample is sent, `on_ended(generation, trace)` when everything about the reply is over."""
        self.language: Language = prompts.language
        self.forced_emotion: Emotion | None = None
        """Emotion of every reply; None leaves the choice to the mind."""
        self.may_speak = asyncio.Event()
        """Clear: no first sample may be sent."""
        self._llm = llm
        self._tts = tts
        self._outbox = outbox
        self._prompts = prompts
        self._recorder = recorder
        self._settings = settings
        self._output_rate = output_rate
        self._clock = clock
        self._on_prompted = on_prompted
        self._on_audible = on_audible
        self._on_ended = on_ended
        self._mood = Mood()
        self._reply: Reply | None = None
        self._work: asyncio.Task[None] | None = None
        self._conducting: asyncio.Task[None] | None = None
        self._flushed = asyncio.Event()

    def start(self, generation: int, question: Question) -> None:
        """Begins to answer `question` as `generation`."""
        trace = question.trace

        def on_sample() -> None:
            trace.mark("first_sample_out", self._clock.now_ms())
            self._on_audible(generation)

        speaker = Speaker(
            generation,
            self._tts,
            self._outbox,
            rate=self._output_rate,
            settings=self._settings,
            may_speak=self.may_speak,
            on_chunk=lambda: trace.mark("tts_first_chunk", self._clock.now_ms()),
            on_sample=on_sample,
            on_fault=self._on_voice_fault,
        )
        reply = Reply(
            generation,
            question.turn,
            llm=self._llm,
            speaker=speaker,
            outbox=self._outbox,
            mood=self._mood,
            forced_emotion=self.forced_emotion,
            deadlines=self._settings.deadlines,
            clock=self._clock,
            trace=trace,
        )
        self._reply = reply
        self._flushed.clear()
        self._work = asyncio.create_task(
            reply.run(lambda: self._make_prompt(question)), name=f"reply-{generation}"
        )
        self._conducting = asyncio.create_task(
            self._conduct(reply, question, self._work), name=f"conduct-{generation}"
        )

    def stop(self, generation: int) -> None:
        """Sound stops at once: nothing of the reply is sent any more, what was sent is flushed, and the work
        behind it is cancelled."""
        if self._work and self._reply and self._reply.generation == generation:
            self._flush(generation)
            self._work.cancel()

    def on_playback(self, message: Playback) -> None:
        """The client reports what it played; reports of other streams are stale."""
        if self._reply and self._reply.generation == message.stream:
            self._reply.speaker.played(message.played)
            if message.state == "flushed":
                self._flushed.set()

    async def close(self, wait_s: float) -> None:
        """Waits until the running reply, which the caller has stopped, is over and recorded: with what the
        client says was heard, if it still says so in time."""
        if self._conducting:
            await asyncio.wait([self._conducting], timeout=wait_s)
            self._conducting.cancel()
            await asyncio.gather(self._conducting, return_exceptions=True)

    async def _make_prompt(self, question: Question) -> Prompt:
        prompt, notices = await self._prompts.make(question.text, affect=question.affect)
        for note in notices:
            self._outbox.put(note)
        question.trace.mark("recall_done", self._clock.now_ms())
        self._on_prompted()
        return prompt

    def _on_voice_fault(self, error: CompanionError) -> None:
        self._outbox.put(notice("voice-failed", self.language, reason=sentence(error, self.language)))

    def _flush(self, generation: int) -> None:
        self._outbox.drop_stream(generation)
        self._outbox.put(Flush(stream=generation))

    async def _conduct(self, reply: Reply, question: Question, work: asyncio.Task[None]) -> None:
        await asyncio.wait([work])
        error: CompanionError | None = None
        if work.cancelled():
            await self._wait_for_flush()
        elif failure := work.exception():
            error = as_companion_error(failure)
            if error.code == "internal-error":
                log.error("a reply failed", exc_info=failure)
            self._flush(reply.generation)
            await self._wait_for_flush()
        outcome: Outcome = "cancelled" if work.cancelled() else "error" if error else "done"
        heard = reply.speaker.ledger.heard_text()
        self._prompts.heard(heard, reply.emotion or "calm", cut_short=outcome != "done")
        if self._recorder and question.recorded:
            self._recorder.heard(question.turn, heard, reply.emotion or "", outcome)
            await self._recorder.write()
        question.trace.mark("done", self._clock.now_ms())
        self._tell(reply, heard, outcome, error)
        self._reply = None
        self._on_ended(reply.generation, question.trace)

    async def _wait_for_flush(self) -> None:
        try:
            async with asyncio.timeout(self._settings.deadlines.flush_s):
                await self._flushed.wait()
        except TimeoutError:
            log.debug("the client did not confirm the flush; its last report counts")

    def _tell(self, reply: Reply, heard: str, outcome: Outcome, error: CompanionError | None) -> None:
        """One end for the client: `done`, `cancelled`, or (before any word) `error` or a dropped turn. An
        error in the middle of a reply explains why it was cancelled."""
        if error:
            self._outbox.put(
                ErrorEvent(
                    code=error.code,
                    message=sentence(error, self.language),
                    turn=None if reply.started else reply.turn,
                )
            )
        stream, turn = reply.generation, reply.turn
        if outcome == "done":
            self._outbox.put(ReplyDone(stream=stream, turn=turn, trace=reply.trace.times()))
        elif reply.started:
            heard_ms = reply.speaker.ledger.heard_ms
            self._outbox.put(ReplyCancelled(stream=stream, turn=turn, heard_ms=heard_ms, heard_text=heard))
        elif not error:
            self._outbox.put(TurnEvent(turn=turn, state="dropped"))
