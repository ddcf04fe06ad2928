"""Stages that answer on a script of delays, in the event loop's own (virtual) time: no threads at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from engine.asr import AsrRequest, Transcript
from engine.conversation.prompt import Prompt
from engine.errors import StageFault
from engine.hosting.deadlines import Deadlines
from engine.llm import TextPiece
from engine.messages import Mark
from engine.tts import SpeechChunk, SpeechRequest
from engine.vad import VadFrame

Step = tuple[float, Any]
"""Seconds to wait, then an output to give or an exception to raise."""

TTS_RATE = 16000
SAMPLES_PER_CHARACTER = TTS_RATE // 10


class TimedCall:
    """One call over a script of steps; with a feed, the script starts when the feed has ended."""

    def __init__(self, stage: TimedStage, steps: Callable[[bytes], Iterable[Step]], listening: bool) -> None:
        self._stage = stage
        self._steps = steps
        self._fed = bytearray()
        self._ended = asyncio.Event()
        if not listening:
            self._ended.set()

    async def __aenter__(self) -> Self:
        self._stage.running += 1
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stage.running -= 1
        if kind is asyncio.CancelledError:
            self._stage.cancelled += 1

    async def __aiter__(self) -> AsyncIterator[Any]:
        await self._ended.wait()
        for delay_s, output in self._steps(bytes(self._fed)):
            if delay_s:
                await asyncio.sleep(delay_s)
            if isinstance(output, BaseException):
                raise output
            yield output

    async def feed(self, pcm: bytes) -> None:
        self._fed += pcm

    def end_feed(self) -> None:
        self._ended.set()


class TimedStage:
    """A StageService. Subclasses say what a request leads to."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.running = 0
        """Calls under way: 0 when all work has really stopped."""
        self.cancelled = 0

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Self]:
        """As a DetectorSource that lends itself."""
        yield self

    def call(self, request: Any, deadlines: Deadlines, *, listening: bool = False) -> TimedCall:
        self.requests.append(request)
        return TimedCall(self, lambda fed: self.steps(request, fed), listening)

    def steps(self, request: Any, fed: bytes) -> Iterable[Step]:
        raise NotImplementedError


class TimedMind(TimedStage):
    """Gives its replies in turn, a word at a time."""

    def __init__(self, *replies: str | Exception, first_s: float = 0.1, word_s: float = 0.02) -> None:
        super().__init__()
        self._replies = list(replies)
        self._first_s = first_s
        self._word_s = word_s

    def steps(self, request: Prompt, fed: bytes) -> Iterable[Step]:
        reply = self._replies.pop(0) if self._replies else "[calm] Fine."
        if isinstance(reply, Exception):
            yield self._first_s, reply
            return
        delay_s = self._first_s
        for word in reply.replace(" ", " \0").split("\0"):
            yield delay_s, TextPiece(word)
            delay_s = self._word_s


class TimedVoice(TimedStage):
    """Speaks 100 ms a character with a mark on each; `faults` of its calls fail first."""

    sample_rate = TTS_RATE

    def __init__(self, *, first_s: float = 0.08, faults: int = 0) -> None:
        super().__init__()
        self._first_s = first_s
        self._faults = faults

    def steps(self, request: SpeechRequest, fed: bytes) -> Iterable[Step]:
        if self._faults:
            self._faults -= 1
            yield self._first_s, StageFault("tts", "the voice broke")
            return
        delay_s = self._first_s
        for index in range(len(request.text)):
            mark = Mark(index + 1, (index + 1) * SAMPLES_PER_CHARACTER, "a")
            yield delay_s, SpeechChunk(bytes(2 * SAMPLES_PER_CHARACTER), (mark,))
            delay_s = 0.005


class TimedEar(TimedStage):
    """Gives its transcripts in turn."""

    def __init__(self, *transcripts: Transcript | Exception, final_s: float = 0.15) -> None:
        super().__init__()
        self._transcripts = list(transcripts)
        self._final_s = final_s
        self.heard: list[bytes] = []

    def steps(self, request: AsrRequest, fed: bytes) -> Iterable[Step]:
        self.heard.append(fed)
        yield (
            self._final_s,
            self._transcripts.pop(0) if self._transcripts else Transcript(text="", final=True),
        )


class LoudnessDetector(TimedStage):
    """Judges frames of 512 samples while they are fed: any loud sample is speech."""

    def call(self, request: Any, deadlines: Deadlines, *, listening: bool = False) -> _LoudnessCall:
        self.requests.append(request)
        return _LoudnessCall(self, self.steps, listening)

    def steps(self, request: Any, fed: bytes = b"") -> Iterable[Step]:
        return ()


class _LoudnessCall(TimedCall):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._frames: asyncio.Queue[VadFrame | None] = asyncio.Queue()
        self._offset = 0

    async def feed(self, pcm: bytes) -> None:
        self._fed += pcm
        while len(self._fed) >= 1024:
            loud = any(self._fed[1:1024:2])
            del self._fed[:1024]
            self._frames.put_nowait(VadFrame(self._offset, 512, 1.0 if loud else 0.0))
            self._offset += 512

    def end_feed(self) -> None:
        self._frames.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[VadFrame]:
        while (frame := await self._frames.get()) is not None:
            yield frame
