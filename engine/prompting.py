"""Makes the prompt of each reply from the persona, the session's history and what memory recalls.

The history a prompt holds is exactly what was said and heard before it. The user's words reach the history
only when they are answered: words of a turn that was dropped go in front of the next turn's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from engine.clock import Clock
from engine.conversation.history import History
from engine.conversation.language import Language, language_of
from engine.conversation.prompt import (
    HeardAffect,
    Persona,
    Prompt,
    build_prompt,
)
from engine.errors import CompanionError, StageTimeout
from engine.memory.recall import Recall
from engine.messages import Emotion, Notice
from engine.notices import notice, sentence
from engine.settings import Settings

log = logging.getLogger(__name__)


class Recaller(Protocol):
    """The part of engine.memory.store.Memory that remembers."""

    async def recall(
        self, query: str, *, exclude_turns: Collection[int] = (), limit_tokens: int = 1000
    ) -> Recall:
        """`exclude_turns`: record ids of turns the prompt holds already."""
        ...


class PromptMaker:
    """The short-term memory of one session."""

    def __init__(
        self,
        personas: Mapping[Language, Persona],
        memory: Recaller | None,
        *,
        recent_rows: Callable[[int], Collection[int]],
        settings: Settings,
        clock: Clock,
        language: Language,
    ) -> None:
        """`recent_rows(n)` gives the record ids of the session's last n turns."""
        self.language: Language = language
        """Language of notices, and of replies to words without one."""
        self._personas = personas
        self._memory = memory
        self._recent_rows = recent_rows
        self._settings = settings
        self._clock = clock
        self._history = History()
        self._unanswered: list[str] = []
        self._replies = 0
        self._memory_failed = False

    def said(self, text: str) -> None:
        """The user's words of a committed turn."""
        self._unanswered.append(text)

    def heard(self, text: str, emotion: Emotion, *, cut_short: bool) -> None:
        """What was heard of a reply."""
        self._history.reply(text, emotion, cut_short)

    async def make(self, text: str, *, affect: HeardAffect | None) -> tuple[Prompt, list[Notice]]:
        """The prompt that answers `text`, and what the user should know about it."""
        recall, notices = await self._recall(text)
        self._flush_unanswered(except_last=text)
        language = self._language_for(text)
        self._replies += 1
        prompt = build_prompt(
            persona=self._persona(language),
            user_text=text,
            language=language,
            profile=recall.profile,
            notes=recall.notes,
            history=self._history.lines(),
            recollections=recall.recollections,
            affect=affect,
            interrupted=self._history.last_interrupted,
            session_turn=self._replies,
            today=self._today(),
            recall_tokens=self._settings.memory.recall_tokens,
        )
        self._history.user(text)
        return prompt, notices

    def _flush_unanswered(self, *, except_last: str) -> None:
        words, self._unanswered = self._unanswered, []
        if words and words[-1] == except_last:
            words.pop()
        for text in words:
            self._history.user(text)

    async def _recall(self, text: str) -> tuple[Recall, list[Notice]]:
        if self._memory is None:
            return Recall(), []
        in_prompt = self._recent_rows(len(self._history.lines()) + len(self._unanswered))
        seconds = self._settings.deadlines.recall_s
        try:
            async with asyncio.timeout(seconds):
                recall = await self._memory.recall(
                    text, exclude_turns=in_prompt, limit_tokens=self._settings.memory.recall_tokens
                )
        except TimeoutError:
            error = StageTimeout("memory", f"Recalling took longer than {seconds:g} s.")
            return Recall(), self._note_failure(error)
        except CompanionError as error:
            return Recall(), self._note_failure(error)
        self._memory_failed = False
        return recall, []

    def _note_failure(self, error: CompanionError) -> list[Notice]:
        """Told once until recalling works again: a broken memory should not nag at every turn."""
        log.warning("recall failed: %s", error)
        told, self._memory_failed = self._memory_failed, True
        reason = sentence(error, self.language).rstrip(".。")
        return [] if told else [notice("memory-failed", self.language, reason=reason)]

    def _language_for(self, text: str) -> Language:
        wanted = self._settings.persona.language
        return language_of(text, self.language) if wanted == "auto" else wanted

    def _persona(self, language: Language) -> Persona:
        """The card's, with what the user has set."""
        chosen = self._settings.persona
        wishes = {"name": chosen.name, "character": chosen.character, "user_title": chosen.user_name}
        return msgspec.structs.replace(
            self._personas[language], **{field: wish for field, wish in wishes.items() if wish}
        )

    def _today(self) -> str:
        now = datetime.fromtimestamp(self._clock.wall_ms() / 1000, UTC).astimezone()
        return now.strftime("%Y-%m-%d %A")
