"""One conversation: messages in, messages out, with the turn machine deciding what is done in between.

Everything that happens goes through `TurnMachine`, whose effects `_apply` carries out with the ear (what the
user says) and the conductor (what is answered). Handlers are plain calls on the event loop; only audio waits
(back-pressure); requests and writing run as tasks.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.asr import AsrRequest, Transcript
from engine.clock import Clock
from engine.conducting import Conductor, Question
from engine.conversation import turns
from engine.conversation.endpointing import EndpointEvent
from engine.conversation.language import Language, language_of
from engine.conversation.prompt import HeardAffect, Prompt
from engine.errors import CompanionError, as_companion_error
from engine.hands_free import DetectorSource, HandsFree
from engine.listening import Ear
from engine.llm import TextPiece
from engine.messages import (
    MAX_TEXT,
    Bye,
    ClientMessage,
    ErrorEvent,
    Hello,
    InputStart,
    InputStop,
    InputText,
    Interrupt,
    MicrophoneAudio,
    Ping,
    Playback,
    Pong,
    SessionUpdate,
    State,
    TranscriptEvent,
    TurnEvent,
    VadEvent,
)
from engine.microphone import MicrophoneInput
from engine.notices import notice, sentence
from engine.outbox import Outbox
from engine.prompting import PromptMaker
from engine.recording import Recorder, Source
from engine.requests import MemoryBook, Request, answer
from engine.settings import Settings
from engine.stages import StageService, VoiceService
from engine.trace import TraceFile, TurnTrace

log = logging.getLogger(__name__)

MAX_REQUESTS = 16
"""Requests answered at once; more are refused."""
CLOSE_S = 5.0
"""How long closing waits for the last turn to be recorded."""
_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_KEPT = frozenset("\n\t\u200c\u200d")


@dataclass(frozen=True)
class SessionStages:
    """The stages one session talks to."""

    vad: DetectorSource
    asr: StageService[AsrRequest, Transcript]
    llm: StageService[Prompt, TextPiece]
    tts: VoiceService


@dataclass
class _Turn:
    """What is known of a turn that has not ended."""

    trace: TurnTrace
    source: Source
    by_key: bool = False
    affect: HeardAffect | None = None
    recorded: bool = False


class Session:
    """Give it messages with `receive`, read its answers from `outbox`, and `close` it."""

    def __init__(
        self,
        hello: Hello,
        *,
        stages: SessionStages,
        prompts: PromptMaker,
        recorder: Recorder | None,
        book: MemoryBook | None,
        settings: Settings,
        clock: Clock,
        outbox: Outbox,
        trace_file: TraceFile | None = None,
    ) -> None:
        """Without a `recorder` and a `book` nothing is remembered. `outbox` is where answers go."""
        self.outbox = outbox
        self._prompts = prompts
        self._recorder = recorder
        self._book = book
        self._settings = settings
        self._language: Language = prompts.language
        self._clock = clock
        self._trace_file = trace_file
        self._machine = turns.TurnMachine()
        self._state = self._machine.state
        self._turns: dict[int, _Turn] = {}
        self._remember = settings.memory.enabled
        self._microphone = MicrophoneInput(hello.input_rate)
        self._key_stream: int | None = None
        self._ear = Ear(stages.asr, settings, self)
        self._hands_free = HandsFree(stages.vad, self._ear, settings, self)
        self._conductor = Conductor(
            llm=stages.llm,
            tts=stages.tts,
            outbox=outbox,
            prompts=prompts,
            recorder=recorder,
            settings=settings,
            output_rate=hello.output_rate,
            clock=clock,
            on_prompted=self._write,
            on_audible=self._on_audible,
            on_ended=self._on_ended,
        )
        self._note_state()
        self._requests = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def state(self) -> Literal["idle", "listening", "thinking", "speaking"]:
        """What the conversation is doing."""
        return self._machine.state

    # ------------------------------------------------------------ messages in

    async def receive(self, message: ClientMessage) -> None:
        """Takes one message. Only audio can wait, while the recogniser is behind."""
        match message:
            case MicrophoneAudio():
                await self._hear(message)
            case InputStart():
                self._key_stream = message.stream
                self._apply(self._machine.key_down())
            case InputStop():
                self._key_stream = None
                self._release_key()
            case InputText():
                self._type(message.text)
            case Interrupt():
                self._apply(self._machine.interrupt())
            case Playback():
                self._conductor.on_playback(message)
            case SessionUpdate():
                self._update(message)
            case Ping():
                self.outbox.put(Pong(t=message.t))
            case Hello() | Bye():
                pass  # the transport's business
            case _:
                self._request(message)

    async def close(self) -> None:
        """Stops everything; the last turn is recorded as it was heard."""
        self._apply([*self._machine.ear_closed(), *self._machine.interrupt()])
        await self._hands_free.close()
        await self._ear.close()
        await self._conductor.close(CLOSE_S)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=CLOSE_S)
            for task in late:
                log.error("%s did not end in time", task.get_name())
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self.outbox.close()

    async def _hear(self, message: MicrophoneAudio) -> None:
        pcm = self._microphone.take(message.stream, message.pcm)
        if not pcm:
            return
        if self._key_stream is None:
            await self._hands_free.hear(pcm)
        elif self._key_stream == message.stream:
            await self._ear.hear(pcm)

    def _release_key(self) -> None:
        if turn := self._turns.get(self._machine.utterance or 0):
            turn.trace = TurnTrace(turn.trace.turn, self._clock.now_ms())
        self._apply(self._machine.key_up())

    def _type(self, text: str) -> None:
        if len(text) > MAX_TEXT:
            self._refuse("text-too-long", length=len(text), limit=MAX_TEXT)
        elif not (text := clean(text)):
            self._refuse("text-empty")
        else:
            effects = self._machine.typed(text)
            turn = next(effect.turn for effect in effects if isinstance(effect, turns.TurnCommitted))
            self._turns[turn] = _Turn(TurnTrace(turn, self._clock.now_ms()), "typed")
            self._put_transcript(turn, Transcript(text=text, final=True))
            self._take_words(turn, text)
            self._apply(effects)

    def _refuse(self, code: str, **values: object) -> None:
        note = notice(code, self._language, **values)
        self.outbox.put(ErrorEvent(code=note.code, message=note.message))

    def _update(self, message: SessionUpdate) -> None:
        if message.hands_free is not None:
            self._hands_free.switch(message.hands_free)
            if not message.hands_free and self._key_stream is None:
                self._apply(self._machine.ear_closed())
        if message.language in ("zh", "en"):
            self._language = self._prompts.language = self._conductor.language = message.language
        if message.memory is not None:
            self._remember = message.memory
        if message.emotion is not None:
            self._conductor.forced_emotion = message.emotion

    def _request(self, message: Request) -> None:
        if self._requests >= MAX_REQUESTS:
            note = notice("rate-limited", self._language)
            self.outbox.put(ErrorEvent(code=note.code, message=note.message, id=message.id))
            return
        self._requests += 1
        self._spawn(self._answer(message), "request")

    async def _answer(self, message: Request) -> None:
        try:
            for reply in await answer(message, self._book, self._language):
                self.outbox.put(reply)
        finally:
            self._requests -= 1

    # ------------------------------------------------------------ what the ear reports

    def on_endpoint(self, event: EndpointEvent, known_after_ms: float) -> None:
        match event.kind:
            case "started":
                self.outbox.put(VadEvent(speech=True, offset=event.offset))
                self._apply(self._machine.speech_started())
            case "paused":
                self._machine.paused()
                if turn := self._turns.get(self._machine.utterance or 0):
                    now_ms = self._clock.now_ms()
                    turn.trace = TurnTrace(turn.trace.turn, now_ms - known_after_ms)
                    turn.trace.mark("pause_detected", now_ms)
            case "resumed":
                self._apply(self._machine.speech_started())
            case "ended":
                self.outbox.put(VadEvent(speech=False, offset=event.offset))
                self._apply(self._machine.speech_ended())

    def on_watch_fault(self, error: CompanionError) -> None:
        reason = sentence(error, self._language)
        self.outbox.put(notice("hands-free-failed", self._language, reason=reason))
        if self._key_stream is None:
            self._apply(self._machine.ear_closed())

    def on_partial(self, turn: int, transcript: Transcript) -> None:
        self._put_transcript(turn, transcript)

    def on_transcript(self, turn: int, transcript: Transcript) -> None:
        known = self._turns.get(turn)
        if known is None:
            return
        known.trace.mark("asr_done", self._clock.now_ms())
        text = clean(transcript.text) if transcript.understood else ""
        if text:
            known.affect = HeardAffect(transcript.emotion, transcript.events)
            self._put_transcript(turn, transcript)
            self._take_words(turn, text)
        elif transcript.text or known.by_key:
            self.outbox.put(notice("did-not-catch", self._language))
        self._apply(self._machine.transcribed(turn, text))

    def on_ear_fault(self, turn: int, error: CompanionError) -> None:
        self.outbox.put(ErrorEvent(code=error.code, message=sentence(error, self._language)))
        if self._machine.utterance == turn:
            self._apply(self._machine.ear_closed())
        else:
            self._apply(self._machine.transcribed(turn, ""))

    def on_too_long(self, turn: int) -> None:
        seconds = self._settings.turn.max_utterance_s
        self.outbox.put(notice("utterance-too-long", self._language, seconds=seconds))
        self._release_key()
        self._apply(self._machine.speech_ended())

    def _put_transcript(self, turn: int, transcript: Transcript) -> None:
        self.outbox.put(
            TranscriptEvent(
                turn=turn,
                text=transcript.text,
                final=transcript.final,
                language=transcript.language,
                emotion=transcript.emotion,
                events=transcript.events,
            )
        )

    # ------------------------------------------------------------ carrying out

    def _apply(self, effects: Sequence[turns.Effect]) -> None:
        for effect in effects:
            match effect:
                case turns.OpenUtterance(turn, by_key):
                    trace = TurnTrace(turn, self._clock.now_ms())
                    self._turns[turn] = _Turn(trace, "voice", by_key)
                    self._ear.open(turn)
                case turns.CommitUtterance(turn):
                    self._ear.commit(turn)
                case turns.CancelUtterance(turn):
                    self._ear.cancel(turn)
                case turns.TurnCommitted(turn):
                    self._turns[turn].trace.mark("committed", self._clock.now_ms())
                    self.outbox.put(TurnEvent(turn=turn, state="committed"))
                case turns.TurnDropped(turn):
                    self._drop(turn)
                case turns.StartReply(generation, words):
                    known = self._turns.pop(words.turn)
                    self._conductor.start(
                        generation,
                        Question(words.turn, words.text, known.affect, known.trace, known.recorded),
                    )
                case turns.StopReply(generation):
                    self._conductor.stop(generation)
        self._note_state()

    def _note_state(self) -> None:
        machine = self._machine
        self._hands_free.set_deaf(machine.speaking or self._key_stream is not None)
        if machine.may_speak:
            self._conductor.may_speak.set()
        else:
            self._conductor.may_speak.clear()
        if machine.state != self._state:
            self._state = machine.state
            self.outbox.put(State(state=machine.state))

    def _take_words(self, turn: int, text: str) -> None:
        """A committed turn has words. They go to the record as soon as the mind begins to think (not sooner:
        recalling would wait for the disk), or when the turn is dropped."""
        known = self._turns[turn]
        self._prompts.said(text)
        if self._recorder and self._remember:
            known.recorded = True
            emotion = known.affect.emotion if known.affect else ""
            self._recorder.said(turn, text, language_of(text, self._language), known.source, emotion)

    def _drop(self, turn: int) -> None:
        self.outbox.put(TurnEvent(turn=turn, state="dropped"))
        known = self._turns.pop(turn)
        if known.recorded and self._recorder:
            self._recorder.heard(turn, "", "", "cancelled")
            self._write()

    def _write(self) -> None:
        if self._recorder:
            self._spawn(self._recorder.write(), "record turns")

    def _on_audible(self, generation: int) -> None:
        if not self._machine.speaking:
            self._machine.first_sample(generation)
            self._note_state()

    def _on_ended(self, generation: int, trace: TurnTrace) -> None:
        if self._trace_file:
            self._spawn(asyncio.to_thread(self._trace_file.write, trace), "write trace")
        self._apply(self._machine.reply_ended(generation))

    def _spawn(self, work: Coroutine[Any, Any, object], name: str) -> None:
        task = asyncio.create_task(self._guarded(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, object], name: str) -> None:
        try:
            await work
        except Exception as error:
            log.exception("%s failed", name)
            failure = as_companion_error(error)
            self.outbox.put(ErrorEvent(code=failure.code, message=sentence(failure, self._language)))


def clean(text: str) -> str:
    """Typed or recognised text without what no one can say: control and formatting characters (but line
    breaks and joiners), lone surrogates, unassigned ones, and space at the ends."""
    return "".join(
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in _UNSPEAKABLE
    ).strip()
