"""One reply, from the prompt to the last sample heard.

    prompt ─► mind (tokens) ─► parser ─► clause splitter ─► [at most two clauses] ─► speaker
                                  └─► text to show

The thinking half and the speaking half run side by side; when one fails or the reply is stopped, both are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from engine.clock import Clock
from engine.conversation.clauses import Clause, ClauseSplitter
from engine.conversation.emotion import Mood
from engine.conversation.prompt import Prompt
from engine.conversation.reply import ReplyEvent, ReplyParser
from engine.errors import StageFault
from engine.hosting.deadlines import Deadlines
from engine.llm import TextPiece
from engine.messages import Emotion, ReplyStart, ReplyText
from engine.outbox import Outbox
from engine.settings import DeadlineSettings
from engine.speaking import Speaker
from engine.stages import StageService
from engine.together import together
from engine.trace import TurnTrace

LOOK_AHEAD = 2
"""Clauses that may wait for the voice."""


class Reply:
    """Generation `generation`, the answer to `turn`."""

    def __init__(
        self,
        generation: int,
        turn: int,
        *,
        llm: StageService[Prompt, TextPiece],
        speaker: Speaker,
        outbox: Outbox,
        mood: Mood,
        forced_emotion: Emotion | None,
        deadlines: DeadlineSettings,
        clock: Clock,
        trace: TurnTrace,
    ) -> None:
        self.generation = generation
        self.turn = turn
        self.speaker = speaker
        self.trace = trace
        self.emotion: Emotion | None = None
        """Feeling of the first clause; None before there is one."""
        self.started = False
        """True once the client was told of the reply."""
        self._llm = llm
        self._outbox = outbox
        self._mood = mood
        self._forced_emotion: Emotion | None = forced_emotion
        self._deadlines = deadlines
        self._clock = clock
        self._clauses: asyncio.Queue[Clause | None] = asyncio.Queue(LOOK_AHEAD)

    async def run(self, make_prompt: Callable[[], Awaitable[Prompt]]) -> None:
        """Returns when all of it was heard. Raises StageFault when the mind fails or says nothing, PeerFault
        when the client stops reporting what it plays."""
        prompt = await make_prompt()
        await together(self._think(prompt), self._speak())
        if not self.started:
            raise StageFault("llm", "The mind gave no answer; say it again.", code="llm-empty")
        await self.speaker.finish()

    async def _think(self, prompt: Prompt) -> None:
        limits = self._deadlines
        parser = ReplyParser(self._mood.emotion)
        splitter = ClauseSplitter()
        deadlines = Deadlines(limits.llm_first_s, limits.llm_gap_s, limits.llm_total_s)
        async with self._llm.call(prompt, deadlines) as call:
            async for piece in call:
                self.trace.mark("llm_first_token", self._clock.now_ms())
                await self._pass_on(parser.feed(piece.text), splitter)
        await self._pass_on(parser.finish(), splitter)
        for clause in splitter.finish():
            await self._clauses.put(clause)
        await self._clauses.put(None)

    async def _pass_on(self, events: list[ReplyEvent], splitter: ClauseSplitter) -> None:
        for event in events:
            self._show(event.text)
            for clause in splitter.feed(event):
                self.trace.mark("first_clause", self._clock.now_ms())
                await self._clauses.put(clause)
        await self._outbox.room()

    def _show(self, text: str) -> None:
        if not self.started:
            self.started = True
            self._outbox.put(ReplyStart(stream=self.generation, turn=self.turn))
        self._outbox.put(ReplyText(stream=self.generation, delta=text))

    async def _speak(self) -> None:
        while (clause := await self._clauses.get()) is not None:
            emotion = self._mood.settle(self._forced_emotion or clause.emotion, self._clock.now_ms() / 1000)
            self.emotion = self.emotion or emotion
            await self.speaker.speak(msgspec.structs.replace(clause, emotion=emotion))
