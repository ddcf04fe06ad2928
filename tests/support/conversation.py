"""A session over timed stages, in virtual time, with a speaker that plays what it is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from engine.conversation.prompt import Persona, Prompt
from engine.errors import CompanionError
from engine.messages import (
    ClientMessage,
    ErrorEvent,
    Flush,
    Hello,
    InputText,
    Playback,
    ReplyCancelled,
    ReplyDone,
    ServerMessage,
    SpeechAudio,
    TurnEvent,
)
from engine.outbox import Outbox
from engine.prompting import PromptMaker, Recall
from engine.recording import Recorder
from engine.session import Session, SessionStages
from engine.settings import Settings
from tests.support.timed_stages import LoudnessDetector, TimedEar, TimedMind, TimedVoice
from tests.support.virtual_time import LoopClock

RATE = 16000


class NotedRecord:
    """A TurnRecord and Recaller that lives in a list; `fault` makes writing fail while it is set."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.fault: CompanionError | None = None
        self.recall_s = 0.0

    async def user_turn(self, **turn: Any) -> int:
        await asyncio.sleep(0.002)
        if self.fault:
            raise self.fault
        self.turns.append(turn)
        return len(self.turns)

    async def reply_heard(self, turn_id: int, *, text: str, emotion: str, outcome: str) -> None:
        await asyncio.sleep(0.002)
        if self.fault:
            raise self.fault
        self.turns[turn_id - 1] |= {"heard": text, "emotion_of_reply": emotion, "outcome": outcome}

    async def recall(self, query: str, **_: Any) -> Recall:
        await asyncio.sleep(self.recall_s)
        return Recall()


class Talk:
    """One conversation under test."""

    def __init__(
        self,
        *,
        mind: TimedMind | None = None,
        voice: TimedVoice | None = None,
        ear: TimedEar | None = None,
        record: NotedRecord | None = None,
        settings: Settings | None = None,
        speaker_plays: bool = True,
    ) -> None:
        self.mind = mind or TimedMind()
        self.voice = voice or TimedVoice()
        self.ear = ear or TimedEar()
        self.record = record or NotedRecord()
        self.settings = settings or Settings()
        self.events: list[tuple[float, ServerMessage]] = []
        self.clock = LoopClock()
        self.outbox = Outbox()
        self._speaker_plays = speaker_plays
        self.speaker_answers = True
        """False: the speaker has died and confirms nothing."""
        self._audio: asyncio.Queue[SpeechAudio] = asyncio.Queue()
        self._changed = asyncio.Condition()
        self._current = 0
        self._played = 0
        persona = Persona(name="Rio", language="en", character="A friend.")
        recorder = Recorder(self.record, "s", deadline_s=10, on_trouble=self._on_trouble)
        self.troubles: list[str] = []
        prompts = PromptMaker(
            {"en": persona, "zh": msgspec.structs.replace(persona, language="zh")},
            self.record,
            recent_rows=recorder.rows,
            settings=self.settings,
            clock=self.clock,
            language="en",
        )
        self.session = Session(
            Hello(output_rate=RATE),
            stages=SessionStages(LoudnessDetector(), self.ear, self.mind, self.voice),
            prompts=prompts,
            recorder=recorder,
            book=None,
            settings=self.settings,
            clock=self.clock,
            outbox=self.outbox,
        )

    def _on_trouble(self, error: CompanionError | None) -> None:
        self.troubles.append(error.code if error else "fine")

    async def __aenter__(self) -> Talk:
        self._reader = asyncio.create_task(self._read())
        self._player = asyncio.create_task(self._play())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()
        await self._reader
        self._player.cancel()
        await asyncio.gather(self._player, return_exceptions=True)
        assert self.mind.running == self.voice.running == self.ear.running == 0, "work was left running"

    # ------------------------------------------------------------ the user

    async def send(self, message: ClientMessage) -> None:
        await self.session.receive(message)

    async def say(self, text: str) -> None:
        """Types a turn."""
        await self.send(InputText(text=text))

    async def until(self, kind: type[ServerMessage], count: int = 1) -> Any:
        """Waits for the `count`-th message of a kind so far and returns it."""
        async with self._changed:
            await self._changed.wait_for(lambda: len(self.all(kind)) >= count)
        return self.all(kind)[count - 1]

    def all(self, kind: type[ServerMessage]) -> list[Any]:
        return [message for _, message in self.events if isinstance(message, kind)]

    def at(self, kind: type[ServerMessage], index: int = 0) -> float:
        """Second at which a message of a kind arrived."""
        return [at for at, message in self.events if isinstance(message, kind)][index]

    @property
    def prompts(self) -> list[Prompt]:
        return self.mind.requests

    # ------------------------------------------------------------ what must always hold

    def check(self) -> None:
        """One end for each turn and reply; nothing of a reply after its end or flush; streams in order."""
        ended: set[int] = set()
        over: set[int] = set()
        committed: set[int] = set()
        offsets: dict[int, int] = {}
        for _, message in self.events:
            match message:
                case TurnEvent(turn=turn, state="committed"):
                    committed.add(turn)
                case TurnEvent(turn=turn, state="dropped") | ErrorEvent(turn=int(turn)):
                    assert turn not in ended, f"turn {turn} ended twice"
                    ended.add(turn)
                case ReplyDone(stream=stream, turn=turn) | ReplyCancelled(stream=stream, turn=turn):
                    assert turn not in ended, f"turn {turn} ended twice"
                    ended.add(turn)
                    over.add(stream)
                case Flush(stream=stream):
                    over.add(stream)
                case SpeechAudio(stream=stream):
                    assert stream not in over, "stale audio"
                    assert message.offset == offsets.get(stream, 0), "a gap in the audio"
                    offsets[stream] = message.offset + len(message.pcm) // 2
        assert committed <= ended, "a turn did not end"

    # ------------------------------------------------------------ the speaker

    async def _read(self) -> None:
        while (message := await self.outbox.get()) is not None:
            self.events.append((asyncio.get_running_loop().time(), message))
            if isinstance(message, SpeechAudio):
                self._audio.put_nowait(message)
            if isinstance(message, Flush):
                while not self._audio.empty():
                    self._audio.get_nowait()
                if message.stream == self._current and self.speaker_answers:
                    self._current = 0
                    played = Playback(stream=message.stream, played=self._played, state="flushed")
                    await self.send(played)
            async with self._changed:
                self._changed.notify_all()

    async def _play(self) -> None:
        while True:
            block = await self._audio.get()
            if block.stream != self._current:
                self._current, self._played = block.stream, 0
            samples = len(block.pcm) // 2
            await asyncio.sleep(samples / RATE)
            if self._current == block.stream and self._speaker_plays:
                self._played += samples
                await self.send(Playback(stream=block.stream, played=self._played))
