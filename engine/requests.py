"""Answers a client's questions about history and memory."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from engine.conversation.language import Language
from engine.errors import CompanionError, StageUnavailable, as_companion_error
from engine.messages import (
    ErrorEvent,
    HistoryList,
    MemoryChanged,
    MemoryDelete,
    MemoryEdit,
    MemoryForgetAll,
    MemoryList,
    MemoryPin,
    MemorySearch,
    MemorySource,
    Result,
    ServerMessage,
)
from engine.notices import sentence

log = logging.getLogger(__name__)

MAX_ITEMS = 500
"""Most items one answer holds, whatever was asked for."""

Request = (
    HistoryList
    | MemoryList
    | MemorySearch
    | MemoryEdit
    | MemoryPin
    | MemoryDelete
    | MemorySource
    | MemoryForgetAll
)


class MemoryBook(Protocol):
    """The part of engine.memory.store.Memory the user looks into. Results are plain JSON values."""

    async def history(self, *, before: int | None, limit: int) -> list[dict[str, Any]]: ...

    async def list_memories(self, *, before: int | None, limit: int) -> list[dict[str, Any]]: ...

    async def search(self, query: str, *, limit: int) -> list[dict[str, Any]]: ...

    async def edit(self, memory: str, text: str) -> dict[str, Any]: ...

    async def pin(self, memory: str, *, pinned: bool) -> dict[str, Any]: ...

    async def add_note(self, text: str) -> dict[str, Any]: ...

    async def delete(self, memory: str) -> None: ...

    async def source(self, memory: str) -> dict[str, Any]: ...

    async def forget_all(self) -> None: ...


async def answer(request: Request, book: MemoryBook | None, language: Language) -> list[ServerMessage]:
    """The messages that answer `request`: a `result` or an `error` with its id, and `memory.changed`."""
    try:
        if book is None:
            raise StageUnavailable("memory", "There is no memory in this session.")
        value, changed = await _ask(request, book)
    except CompanionError as error:
        return [_refusal(request, error, language)]
    except Exception as error:
        log.exception("answering %s failed", type(request).__name__)
        return [_refusal(request, as_companion_error(error), language)]
    messages: list[ServerMessage] = [Result(id=request.id, value=value)]
    return messages if changed is None else [*messages, MemoryChanged(memories=changed)]


def _refusal(request: Request, error: CompanionError, language: Language) -> ErrorEvent:
    return ErrorEvent(code=error.code, message=sentence(error, language), id=request.id)


async def _ask(request: Request, book: MemoryBook) -> tuple[Any, tuple[str, ...] | None]:
    """The answer, and which memories it changed (None: nothing)."""
    match request:
        case HistoryList():
            return await book.history(before=request.before, limit=min(request.limit, MAX_ITEMS)), None
        case MemoryList():
            return await book.list_memories(before=request.before, limit=min(request.limit, MAX_ITEMS)), None
        case MemorySearch():
            return await book.search(request.query, limit=min(request.limit, MAX_ITEMS)), None
        case MemorySource():
            return await book.source(request.memory), None
        case MemoryEdit():
            return await book.edit(request.memory, request.text), (request.memory,)
        case MemoryPin() if request.memory:
            return await book.pin(request.memory, pinned=request.pinned), (request.memory,)
        case MemoryPin():
            note = await book.add_note(request.text)
            return note, (note["id"],)
        case MemoryDelete():
            await book.delete(request.memory)
            return None, (request.memory,)
        case MemoryForgetAll():
            await book.forget_all()
            return None, ()
