"""One running engine: its stages, its memory, and the sessions that use them."""

from __future__ import annotations

import asyncio
import locale
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.asr import AsrRequest, Transcript
from engine.clock import Clock, SystemClock
from engine.conversation.language import Language
from engine.conversation.prompt import Persona, Prompt
from engine.embedding import Embedder, Embedding, EmbedRequest
from engine.errors import CompanionError, EnvironmentFault, PeerFault
from engine.hosting.deadlines import Deadlines
from engine.llm import TextPiece
from engine.memory.facts import extract_facts
from engine.memory.store import Memory
from engine.messages import Hello, MemoryChanged, Notice, StageName, StageStatus, Welcome
from engine.notices import notice, sentence
from engine.outbox import Outbox
from engine.persona import load_persona
from engine.prompting import PromptMaker
from engine.recording import Recorder
from engine.session import Session, SessionStages
from engine.settings import Settings
from engine.stages import Option, Stage, chain_of
from engine.trace import TraceFile
from engine.tts import SpeechChunk, SpeechRequest
from engine.vad import VadFrame, VadRequest

Event = StageStatus | Notice | MemoryChanged
"""What concerns every session."""

log = logging.getLogger(__name__)

RATES = range(8000, 48001)
"""Hertz a client may ask for."""
FEATURES = ("playback",)


class Engine:
    """Made from settings and a data folder; `start` it, open sessions, `close` it. One event loop."""

    def __init__(self, settings: Settings, data_dir: Path, *, clock: Clock | None = None) -> None:
        """Raises ConfigFault when a setting names a backend or a persona that is not there."""
        self._settings = settings
        self._data_dir = data_dir
        self._clock = clock or SystemClock()
        self._listeners: set[Callable[[Event], None]] = set()
        self._memory: Memory | None = None
        self._memory_fault: CompanionError | None = None
        self._asr: Stage[AsrRequest, Transcript] = self._stage("asr", settings.asr.backend)
        self._llm: Stage[Prompt, TextPiece] = self._stage("llm", settings.llm.backend)
        self._tts: Stage[SpeechRequest, SpeechChunk] = self._stage(
            "tts", settings.tts.backend, {"rate": settings.tts.rate, "volume": settings.tts.volume}
        )
        self._embedding: Stage[EmbedRequest, Embedding] = self._stage("embedding", settings.embedding.backend)
        self._detectors: dict[Session, Stage[VadRequest, VadFrame]] = {}
        self._personas: dict[Language, Persona] = {
            "zh": load_persona(settings.persona.card, "zh"),
            "en": load_persona(settings.persona.card, "en"),
        }

    @property
    def shared_stages(self) -> tuple[Stage[Any, Any], ...]:
        """The stages all sessions use."""
        return (self._asr, self._llm, self._tts, self._embedding)

    @property
    def voice(self) -> Stage[SpeechRequest, SpeechChunk]:
        """The stage that speaks."""
        return self._tts

    @property
    def memory(self) -> Memory | None:
        """The memory; None when it could not be opened."""
        return self._memory

    @property
    def memory_fault(self) -> CompanionError | None:
        """Why there is no memory."""
        return self._memory_fault

    def listen(self, listener: Callable[[Event], None]) -> None:
        """`listener` is told from now on how the stages fare and what is learned."""
        self._listeners.add(listener)

    def unlisten(self, listener: Callable[[Event], None]) -> None:
        self._listeners.discard(listener)

    # ------------------------------------------------------------ life

    async def start(self) -> None:
        """Loads everything at once. A stage that cannot be loaded is `failed`, and the rest goes on without
        it. Raises EnvironmentFault `data-folder-in-use`: two engines must not share one memory."""
        starting = [self._start_stage(stage) for stage in self.shared_stages]
        await asyncio.gather(self._open_memory(), *starting)
        if self._memory_fault and self._memory_fault.code == "data-folder-in-use":
            raise self._memory_fault

    async def close(self) -> None:
        """Ends the sessions, the memory, then the stages: memory embeds to its end."""
        await asyncio.gather(*(self.end(session) for session in tuple(self._detectors)))
        if self._memory:
            await self._memory.close()
            self._memory = None
        await asyncio.gather(*(stage.close() for stage in self.shared_stages))

    async def session(self, hello: Hello, outbox: Outbox) -> Session:
        """A conversation whose messages go to `outbox`. Raises PeerFault for rates out of RATES."""
        for rate in (hello.input_rate, hello.output_rate):
            if rate not in RATES:
                raise PeerFault("bad-rate", f"A rate of {rate} Hz is not possible; use 8000 to 48000.")
        language = language_for(self._settings, hello.language)
        name = secrets.token_hex(8)
        recorder = None
        if self._memory:
            recorder = Recorder(
                self._memory,
                name,
                deadline_s=self._settings.deadlines.record_s,
                on_trouble=lambda error: outbox.put(_recording_notice(error, language)),
            )
        prompts = PromptMaker(
            self._personas,
            self._memory,
            recent_rows=recorder.rows if recorder else lambda newest: (),
            settings=self._settings,
            clock=self._clock,
            language=language,
        )
        # A detector listens as long as its session does: each session has its own.
        detector: Stage[VadRequest, VadFrame] = self._stage("vad", self._settings.vad.backend)
        await self._start_stage(detector)
        session = Session(
            hello,
            stages=SessionStages(detector, self._asr, self._llm, self._tts),
            prompts=prompts,
            recorder=recorder,
            book=self._memory,
            settings=self._settings,
            clock=self._clock,
            outbox=outbox,
            trace_file=TraceFile(self._data_dir / "traces.jsonl"),
        )
        self._detectors[session] = detector
        for message in self._first_notices(language):
            outbox.put(message)
        return session

    async def end(self, session: Session) -> None:
        """Closes a session; what was heard is recorded first."""
        await session.close()
        if detector := self._detectors.pop(session, None):
            await detector.close()

    def welcome(self, hello: Hello) -> Welcome:
        """What a client is told of this engine."""
        return Welcome(
            session=secrets.token_hex(8),
            features=FEATURES,
            rates={"input": hello.input_rate, "output": hello.output_rate},
            stages={stage.status.stage: stage.status.backend for stage in self.shared_stages},
        )

    # ------------------------------------------------------------ inside

    def _stage(
        self, stage: StageName, chosen: str, options: dict[str, Option] | None = None
    ) -> Stage[Any, Any]:
        return Stage(
            chain_of(stage, chosen, options or {}),
            hosting=self._settings.general.hosting,
            load_s=self._settings.deadlines.load_s,
            on_status=self._tell,
        )

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            listener(event)

    async def _start_stage(self, stage: Stage[Any, Any]) -> None:
        try:
            await stage.start()
        except CompanionError as error:
            log.warning("%s is not available: %s", stage.status.stage, error)

    async def _open_memory(self) -> None:
        embedder = chain_of("embedding", self._settings.embedding.backend, {})[0].backend_class()
        assert issubclass(embedder, Embedder)
        memory = Memory(
            self._data_dir,
            embed=self._embed,
            model_id=embedder.model_id,
            dimensions=embedder.dimensions,
            clock=self._clock,
            extract=extract_facts,
            on_notice=self._tell_of_memory,
            on_changed=lambda memories: self._tell(MemoryChanged(memories=memories)),
        )
        self._tell(StageStatus(stage="memory", backend="sqlite+chroma", state="loading"))
        try:
            await memory.open()
        except EnvironmentFault as error:
            self._memory_fault = error
            self._tell(
                StageStatus(stage="memory", backend="sqlite+chroma", state="failed", message=error.message)
            )
            return
        self._memory = memory
        self._tell(StageStatus(stage="memory", backend="sqlite+chroma", state="ready", progress=1.0))

    def _tell_of_memory(self, code: str, error: CompanionError | None) -> None:
        language = language_for(self._settings)
        reason = sentence(error, language).rstrip(".。") if error else ""
        self._tell(notice(code, language, reason=reason))

    async def _embed(self, texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
        limit = self._settings.deadlines.recall_s
        deadlines = Deadlines(limit, limit, 10 * limit)
        async with self._embedding.call(EmbedRequest(texts, query), deadlines) as call:
            return [embedding.vector async for embedding in call]

    def _first_notices(self, language: Language) -> list[Notice]:
        notices = []
        hears = self._asr.languages
        if hears and language not in hears:
            notices.append(notice("hears-english-only", language))
        if self._memory_fault:
            reason = sentence(self._memory_fault, language).rstrip(".。")
            notices.append(notice("memory-failed", language, reason=reason))
        elif not self._settings.memory.enabled:
            notices.append(notice("memory-off", language))
        return notices


def language_for(settings: Settings, of_client: str = "") -> Language:
    """The language to speak: the one set, else the one the client wishes for, else this computer's."""
    for wish in (settings.general.language, of_client):
        if wish == "zh" or wish == "en":
            return wish
    return system_language()


def system_language() -> Language:
    """The language this computer is set to."""
    name = locale.getlocale()[0] or ""
    return "zh" if name.lower().startswith(("zh", "chinese")) else "en"


def _recording_notice(error: CompanionError | None, language: Language) -> Notice:
    if error is None:
        return notice("record-works-again", language)
    return notice("record-failed", language, reason=sentence(error, language))
