"""A memory with all that surrounds it, and looks at its files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np

from engine.clock import ManualClock
from engine.embedding.hashed import HashedEmbedder, embed
from engine.errors import StageFault
from engine.memory.facts import FactDraft
from engine.memory.store import Memory

DAY_MS = 24 * 3600 * 1000


def extract(text: str, language: str, told_on: str) -> Sequence[FactDraft]:
    """The smallest extractor: `I live in X.` and `I like X.`"""
    drafts = []
    for words, slot, single in (("I live in ", "home", True), ("I like ", "likes", False)):
        if text.startswith(words):
            value = text.removeprefix(words).rstrip(".")
            sentence = f"You{words[1:]}{value}."
            drafts.append(FactDraft(slot=slot, value=value, sentence=sentence, evidence=text, single=single))
    return drafts


class Embedder:
    """The hashed embedder as hosting offers it; can be told to fail or to hang."""

    def __init__(self) -> None:
        self.fault: StageFault | None = None
        self.hangs = False
        self.texts: list[str] = []

    async def __call__(self, texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
        if self.fault:
            raise self.fault
        if self.hangs:
            await asyncio.Event().wait()
        if not query:
            self.texts += texts
        return [embed(text) for text in texts]


class World:
    """What surrounds a memory: its folder, clock, embedder, and the notices it gave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.embedder = Embedder()
        self.notices: list[str] = []
        self.changes: list[tuple[str, ...]] = []
        self.extract: Callable[[str, str, str], Sequence[FactDraft]] = extract
        self._turn = 0

    def memory(self, profile: str = "default") -> Memory:
        return Memory(
            self.folder,
            embed=self.embedder,
            model_id=HashedEmbedder.model_id,
            dimensions=HashedEmbedder.dimensions,
            clock=self.clock,
            extract=lambda *told: self.extract(*told),
            on_notice=lambda code, error: self.notices.append(code),
            on_changed=self.changes.append,
            profile=profile,
        )

    @asynccontextmanager
    async def open(self, profile: str = "default") -> AsyncIterator[Memory]:
        memory = self.memory(profile)
        await memory.open()
        try:
            yield memory
        finally:
            await memory.close()

    async def say(self, memory: Memory, text: str, reply: str = "I see.") -> int:
        self._turn += 1
        self.clock.advance(DAY_MS)
        turn_id = await memory.user_turn(
            session="s", turn=self._turn, text=text, language="en", source="typed"
        )
        await memory.reply_heard(turn_id, text=reply, emotion="calm", outcome="done")
        return turn_id


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    async def guarded() -> None:
        async with asyncio.timeout(60):
            await scenario()

    asyncio.run(guarded())


def holding(folder: Path, needle: bytes) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if needle in path.read_bytes()]


def vector_bytes(text: str) -> bytes:
    return np.array(embed(text), "<f4").tobytes()


async def texts(memory: Memory, query: str, **options: Any) -> list[str]:
    return [found.text for found in (await memory.recall(query, **options)).recollections]
