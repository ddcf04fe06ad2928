"""One running engine: its stages, its memory, and the sessions that use them."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.asr import AsrRequest, Transcript
from engine.clock import Clock, SystemClock
from engine.conversation.language import Language
from engine.conversation.prompt import Persona, Prompt
from engine.detectors import Detectors
from engine.embedding import Embedder, Embedding, EmbedRequest
from engine.errors import CompanionError, EnvironmentFault, PeerFault
from engine.hosting.deadlines import Deadlines
from engine.llm import TextPiece
from engine.memories import DEFAULT_PROFILE, Memories
from engine.memory.facts import extract_facts
from engine.memory.store import Memory
from engine.messages import Hello, MemoryChanged, Notice, StageName, StageState, StageStatus, Welcome
from engine.notices import notice, sentence, system_language
from engine.outbox import Outbox
from engine.persona import load_persona
from engine.prompting import PromptMaker
from engine.recording import Recorder
from engine.session import Session, SessionStages
from engine.settings import AsrSettings, LlmSettings, Settings
from engine.stages import Option, Stage, chain_of
from engine.trace import TraceFile
from engine.tts import SpeechChunk, SpeechRequest

Event = StageStatus | Notice | MemoryChanged
"""What concerns every session."""

log = logging.getLogger(__name__)

RATES = range(8000, 48001)
"""Hertz a client may ask for."""
FEATURES = ("playback",)
MEMORY_BACKEND = "sqlite+chroma"


class Engine:
    """Made from settings and a data folder; `start` it, open sessions, `close` it. One event loop."""

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        *,
        clock: Clock | None = None,
        options: Mapping[StageName, dict[str, Option]] | None = None,
    ) -> None:
        """`options` of the chosen backends beside those that settings give.
        Raises ConfigFault when a setting names a backend or a persona that is not there."""
        self.settings = settings
        self._data_dir = data_dir
        self._clock = clock or SystemClock()
        self._options = options or {}
        self._listeners: dict[Callable[[Event], None], str] = {}
        self._memories = Memories(data_dir, self._make_memory)
        self._memory: Memory | None = None
        self._memory_fault: CompanionError | None = None
        self._asr: Stage[AsrRequest, Transcript] = self._stage("asr", _chosen(settings.asr, "sensevoice"))
        self._llm: Stage[Prompt, TextPiece] = self._stage("llm", _chosen(settings.llm, "llama"))
        self._tts: Stage[SpeechRequest, SpeechChunk] = self._stage("tts", settings.tts.backend)
        self._embedding: Stage[EmbedRequest, Embedding] = self._stage("embedding", settings.embedding.backend)
        self._detectors = Detectors(lambda told: self._stage("vad", settings.vad.backend, told), self._tell)
        self._sessions: dict[Session, str] = {}
        self._personas: dict[Language, Persona] = {
            "zh": load_persona(settings.persona.card, "zh"),
            "en": load_persona(settings.persona.card, "en"),
        }
        self.status: dict[StageName, StageStatus] = {}
        """How each stage fares, as far as it has been tried."""

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
        """The memory of the default profile; None when it could not be opened."""
        return self._memory

    @property
    def memory_fault(self) -> CompanionError | None:
        """Why there is none."""
        return self._memory_fault

    def listen(self, listener: Callable[[Event], None], profile: str = DEFAULT_PROFILE) -> None:
        """`listener` is told from now on how the stages fare and what is learned about `profile`."""
        self._listeners[listener] = profile

    def unlisten(self, listener: Callable[[Event], None]) -> None:
        self._listeners.pop(listener, None)

    # ------------------------------------------------------------ life

    async def start(self) -> None:
        """Loads everything at once. A stage that cannot be loaded is `failed`, and the rest goes on without
        it. Raises EnvironmentFault `data-folder-in-use`: two engines must not share one memory."""
        starting = [self._start_stage(stage) for stage in self.shared_stages]
        await asyncio.gather(self._open_memory(), self._start_detectors(), *starting)
        if self._memory_fault and self._memory_fault.code == "data-folder-in-use":
            raise self._memory_fault

    async def close(self) -> None:
        """Ends the sessions, the memories, then the stages: memory embeds to its end."""
        await asyncio.gather(*(self.end(session) for session in tuple(self._sessions)))
        await self._detectors.close()
        if self._memory:
            self._memory = None
            await self._memories.give_back(DEFAULT_PROFILE)
        await asyncio.gather(*(stage.close() for stage in self.shared_stages))

    async def session(self, hello: Hello, outbox: Outbox, profile: str = DEFAULT_PROFILE) -> Session:
        """A conversation whose messages go to `outbox`, over the memory of `profile`. Raises PeerFault for
        rates out of RATES and for a profile that cannot be one."""
        for rate in (hello.input_rate, hello.output_rate):
            if rate not in RATES:
                raise PeerFault("bad-rate", f"A rate of {rate} Hz is not possible; use 8000 to 48000.")
        language = language_for(self.settings, hello.language)
        memory, fault = await self._memory_of(profile)
        recorder = None
        if memory:
            recorder = Recorder(
                memory,
                secrets.token_hex(8),
                deadline_s=self.settings.deadlines.record_s,
                on_trouble=lambda error: outbox.put(_recording_notice(error, language)),
            )
        prompts = PromptMaker(
            self._personas,
            memory,
            recent_rows=recorder.rows if recorder else lambda newest: (),
            settings=self.settings,
            clock=self._clock,
            language=language,
        )
        session = Session(
            hello,
            stages=SessionStages(self._detectors, self._asr, self._llm, self._tts),
            prompts=prompts,
            recorder=recorder,
            book=memory,
            settings=self.settings,
            clock=self._clock,
            outbox=outbox,
            trace_file=TraceFile(self._data_dir / "traces.jsonl"),
        )
        self._sessions[session] = profile if memory else ""
        for message in self._first_notices(language, fault):
            outbox.put(message)
        return session

    async def end(self, session: Session) -> None:
        """Closes a session; what was heard is recorded first."""
        profile = self._sessions.pop(session, "")
        await session.close()
        if profile:
            await self._memories.give_back(profile)

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
        self, stage: StageName, chosen: str, on_status: Callable[[StageStatus], None] | None = None
    ) -> Stage[Any, Any]:
        settings = self.settings
        own: dict[str, dict[str, Option]] = {
            "asr": {"min_confidence": settings.asr.min_confidence, "model": settings.asr.model},
            "llm": {
                "model": settings.llm.model,
                "server": settings.llm.server,
                "server_model": settings.llm.server_model,
            },
            "tts": {"rate": settings.tts.rate, "volume": settings.tts.volume},
        }
        return Stage(
            chain_of(stage, chosen, {**own.get(stage, {}), **self._options.get(stage, {})}),
            hosting=settings.general.hosting,
            load_s=settings.deadlines.load_s,
            on_status=on_status or self._tell,
            explain=lambda error: sentence(error, language_for(settings)),
        )

    def _tell(self, event: Event, profile: str = "") -> None:
        """Tells the listeners of `profile`, or everybody."""
        if isinstance(event, StageStatus):
            self.status[event.stage] = event
        for listener, listens_to in tuple(self._listeners.items()):
            if profile in ("", listens_to):
                listener(event)

    async def _start_stage(self, stage: Stage[Any, Any]) -> None:
        try:
            await stage.start()
        except CompanionError as error:
            log.warning("%s is not available: %s", stage.status.stage, error)

    async def _start_detectors(self) -> None:
        try:
            await self._detectors.start()
        except CompanionError as error:
            log.warning("vad is not available: %s", error)

    async def _open_memory(self) -> None:
        def tell(state: StageState, message: str = "") -> None:
            progress = 1.0 if state == "ready" else 0.0
            self._tell(
                StageStatus(
                    stage="memory", backend=MEMORY_BACKEND, state=state, progress=progress, message=message
                )
            )

        tell("loading")
        try:
            self._memory = await self._memories.take(DEFAULT_PROFILE)
        except EnvironmentFault as error:
            self._memory_fault = error
            tell("failed", error.message)
        else:
            tell("ready")

    async def _memory_of(self, profile: str) -> tuple[Memory | None, CompanionError | None]:
        """The memory a session uses, or why it has none."""
        if profile == DEFAULT_PROFILE and self._memory is None:
            return None, self._memory_fault
        try:
            return await self._memories.take(profile), None
        except EnvironmentFault as error:
            log.warning("a session goes without memory: %s", error)
            return None, error

    def _make_memory(self, folder: Path, profile: str) -> Memory:
        embedder = chain_of("embedding", self.settings.embedding.backend, {})[0].backend_class()
        assert issubclass(embedder, Embedder)
        return Memory(
            folder,
            embed=self._embed,
            model_id=embedder.model_id,
            dimensions=embedder.dimensions,
            clock=self._clock,
            extract=extract_facts,
            on_notice=lambda code, error: self._tell_of_memory(profile, code, error),
            on_changed=lambda memories: self._tell(MemoryChanged(memories=memories), profile),
        )

    def _tell_of_memory(self, profile: str, code: str, error: CompanionError | None) -> None:
        language = language_for(self.settings)
        reason = sentence(error, language).rstrip(".。") if error else ""
        self._tell(notice(code, language, reason=reason), profile)

    async def _embed(self, texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
        limit = self.settings.deadlines.recall_s
        deadlines = Deadlines(limit, limit, 10 * limit)
        async with self._embedding.call(EmbedRequest(texts, query), deadlines) as call:
            return [embedding.vector async for embedding in call]

    def _first_notices(self, language: Language, fault: CompanionError | None) -> list[Notice]:
        notices = []
        hears = self._asr.languages
        if hears and language not in hears:
            notices.append(notice("hears-english-only", language))
        if fault:
            reason = sentence(fault, language).rstrip(".。")
            notices.append(notice("memory-failed", language, reason=reason))
        elif not self.settings.memory.enabled:
            notices.append(notice("memory-off", language))
        return notices


def language_for(settings: Settings, of_client: str = "") -> Language:
    """The language to speak: the one set, else the one the client wishes for, else this computer's."""
    for wish in (settings.general.language, of_client):
        if wish == "zh" or wish == "en":
            return wish
    return system_language()


def _chosen(settings: AsrSettings | LlmSettings, own: str) -> str:
    """The backend of a stage: whoever names a model of their own wants `own`, which can load it."""
    return own if settings.backend == "auto" and settings.model else settings.backend


def _recording_notice(error: CompanionError | None, language: Language) -> Notice:
    if error is None:
        return notice("record-works-again", language)
    return notice("record-failed", language, reason=sentence(error, language))
