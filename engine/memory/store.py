"""Long-term memory as the engine uses it: asynchronous, durable, and working in the background.

Theory of operation. An Archive (synchronous) belongs to one thread; every method here is one call on it. What
can wait, extracting facts, embedding, filling the index, is done by one task in small steps, each its own
call: whatever the conversation asks meanwhile waits for one step at most. Chroma holds the interpreter lock
while it writes (6 ms for one vector, 12 for sixteen), so catching up rests as long as it works.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

from engine.clock import Clock
from engine.errors import CompanionError, StageTimeout, as_companion_error
from engine.memory.archive import Archive, Extract
from engine.memory.owner import OwnerThread
from engine.memory.recall import Recall
from engine.memory.record import Outcome, Source

log = logging.getLogger(__name__)

Embed = Callable[[tuple[str, ...], bool], Awaitable[list[tuple[float, ...]]]]
"""Vectors of texts, in their order; the flag says they are a search query."""
OnNotice = Callable[[str, CompanionError | None], None]
"""Told a code of notices.toml and, where something failed, what."""
OnChanged = Callable[[tuple[str, ...]], None]
"""Told which memories are new or hold no longer, such as `fact:12`."""

BATCH = 16
"""Texts embedded, or vectors put into the index, in one step."""
QUERY_EMBED_S = 1.0
"""A query is embedded within this time, or recall goes by words alone."""
BATCH_EMBED_S = 120.0


class Memory:
    """The memory of one profile. Every method but `open` needs it open, and raises the faults of Archive."""

    def __init__(
        self,
        folder: Path,
        *,
        embed: Embed,
        model_id: str,
        dimensions: int,
        clock: Clock,
        extract: Extract,
        on_notice: OnNotice,
        on_changed: OnChanged,
        profile: str = "default",
    ) -> None:
        """`model_id` and `dimensions` are those of `embed`'s vectors; `extract` runs on memory's thread."""
        self._options = {
            "profile": profile,
            "model_id": model_id,
            "dimensions": dimensions,
            "extract": extract,
        }
        self._folder = folder
        self._embed = embed
        self._clock = clock
        self._on_notice = on_notice
        self._on_changed = on_changed
        self._owner = OwnerThread("memory")
        self._archive: Archive | None = None
        self._worker: asyncio.Task[None] | None = None
        self._work = asyncio.Event()
        self._settled = asyncio.Event()
        self._told: set[str] = set()

    # ------------------------------------------------------------ life

    async def open(self) -> None:
        """Takes the data folder, checks what is in it, and begins to catch up in the background.

        Raises EnvironmentFault: `data-folder-in-use`, `data-folder-read-only`, `data-folder-unusable`,
        `record-too-new`, `record-damaged`, `record-unwritable`, `disk-full`.
        """
        try:
            self._archive = await self._owner.call(Archive, self._folder, **self._options)
        except BaseException:
            self._owner.close()
            raise
        if reason := self._archive.rebuilding:
            log.info("the memory index is made again from the record: %s", reason)
            self._on_notice("memory-index-rebuilt", None)
        self._wake()
        self._worker = asyncio.create_task(self._work_on(), name="memory")

    async def settle(self) -> None:
        """Waits until the background work is done, or has failed until something new is told."""
        await self._settled.wait()

    async def close(self) -> None:
        """Gives everything back. Background work that is left is done after the next `open`."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
            self._worker = None
        if self._archive is not None:
            archive, self._archive = self._archive, None
            await self._owner.call(archive.close)
        self._owner.close()

    @property
    def _open_archive(self) -> Archive:
        assert self._archive is not None, "memory is not open"
        return self._archive

    # ------------------------------------------------------------ remembering

    async def user_turn(
        self,
        *,
        session: str,
        turn: int,
        text: str,
        language: str,
        source: Source,
        emotion: str = "",
    ) -> int:
        """Records what the user said; returns the turn's id when it is safe on disk.

        The same `turn` of the same `session` told again is not recorded twice."""
        return await self._owner.call(
            self._open_archive.user_turn,
            session=session,
            turn=turn,
            at_ms=self._clock.wall_ms(),
            text=text,
            language=language,
            source=source,
            emotion=emotion,
        )

    async def reply_heard(self, turn_id: int, *, text: str, emotion: str, outcome: Outcome) -> None:
        """Records what of the reply was heard; returns when it is safe on disk. Indexing goes on behind."""
        await self._owner.call(
            self._open_archive.reply_heard, turn_id, text=text, emotion=emotion, outcome=outcome
        )
        self._wake()

    async def recall(
        self, query: str, *, exclude_turns: Collection[int] = (), limit_tokens: int = 1000
    ) -> Recall:
        """What to remember for `query`; turns of `exclude_turns` (ids) are known already.

        Goes by words alone while the index is being made, and when the embedder fails or is slow.
        """
        vector = await self._query_vector(query)
        return await self._owner.call(
            self._open_archive.recall,
            query,
            vector,
            exclude_turns=exclude_turns,
            now_ms=self._clock.wall_ms(),
            limit_tokens=limit_tokens,
        )

    async def _query_vector(self, query: str) -> tuple[float, ...] | None:
        if not self._open_archive.knows_meaning:
            return None
        try:
            async with asyncio.timeout(QUERY_EMBED_S):
                (vector,) = await self._embed((query,), True)
        except (CompanionError, TimeoutError) as error:
            self._tell_once("memory-by-words-only", error)
            return None
        self._told.discard("memory-by-words-only")
        return vector

    # ------------------------------------------------------------ looking into it, changing it

    async def history(self, *, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Exchanges older than turn `before`, newest first: see listing.turn_entry."""
        return await self._owner.call(self._open_archive.history, before, limit)

    async def list_memories(self, *, before: int | None, limit: int) -> list[dict[str, Any]]:
        """Facts and notes, newest first: see listing.memory_entry. `before` is the number in an id."""
        return await self._owner.call(self._open_archive.list_memories, before, limit)

    async def search(self, query: str, *, limit: int) -> list[dict[str, Any]]:
        """Turns, facts and notes, best first."""
        vector = await self._query_vector(query)
        return await self._owner.call(self._open_archive.search, query, vector, limit)

    async def source(self, memory: str) -> dict[str, Any]:
        """The exchanges a memory was told in: `{"memory": "fact:12", "turns": [...]}`.

        This and the following raise PeerFault `unknown-memory` for an id that is not there."""
        return await self._owner.call(self._open_archive.source, memory)

    async def add_note(self, text: str) -> dict[str, Any]:
        """Pins a sentence of the user's own. Raises PeerFault `empty-memory`."""
        note = await self._owner.call(self._open_archive.add_note, text, self._clock.wall_ms())
        self._wake()
        return note

    async def pin(self, memory: str, *, pinned: bool) -> dict[str, Any]:
        """Keeps a memory in every prompt, or no longer. A pinned turn becomes a note, which is returned."""
        entry = await self._owner.call(self._open_archive.pin, memory, pinned)
        self._wake()
        return entry

    async def edit(self, memory: str, text: str) -> dict[str, Any]:
        """Replaces the words of a memory; no byte of the old ones is left in that memory's files."""
        entry = await self._owner.call(self._open_archive.edit, memory, text)
        self._wake()
        return entry

    async def delete(self, memory: str) -> None:
        """Forgets a memory and the turns that told it: no byte of them is left. See Archive.delete."""
        await self._owner.call(self._open_archive.delete, memory)
        self._wake()

    async def forget_all(self) -> None:
        """Forgets everything of this profile: no byte of it is left."""
        await self._owner.call(self._open_archive.forget_all)
        self._wake()

    # ------------------------------------------------------------ background

    def _wake(self) -> None:
        self._settled.clear()
        self._work.set()

    async def _work_on(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self._catch_up()
                self._told.discard("memory-behind")
            except Exception as error:
                if not isinstance(error, CompanionError | TimeoutError):
                    log.exception("memory's background work failed")
                self._tell_once("memory-behind", error)
            if not self._work.is_set():
                self._settled.set()

    async def _catch_up(self) -> None:
        archive = self._open_archive
        while (changed := await self._owner.call(archive.extract_next)) is not None:
            if changed:
                self._on_changed(changed)
        while items := await self._owner.call(archive.to_embed, BATCH):
            async with asyncio.timeout(BATCH_EMBED_S):
                vectors = await self._embed(tuple(item.text for item in items), False)
            await self._owner.call(archive.keep_vectors, items, vectors)
        began = self._clock.now_ms()
        while await self._owner.call(archive.fill_index, BATCH):
            await asyncio.sleep((self._clock.now_ms() - began) / 1000)
            began = self._clock.now_ms()

    def _tell_once(self, code: str, error: Exception) -> None:
        """One notice until it works again."""
        if isinstance(error, TimeoutError):
            error = StageTimeout("embedding", "Comparing meanings takes too long.")
        log.info("%s: %s", code, error)
        if code not in self._told:
            self._told.add(code)
            self._on_notice(code, as_companion_error(error))
