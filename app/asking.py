"""Questions to the engine about history and memories, and their answers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from engine.errors import CompanionError, EnvironmentFault
from engine.messages import (
    ClientMessage,
    ErrorEvent,
    HistoryList,
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
Success = Callable[[Any], None]
"""Gets the answer, plain JSON values as in docs/protocol.md."""
Failure = Callable[[CompanionError], None]


class _Waiting(NamedTuple):
    success: Success
    failure: Failure


class Asking:
    """Knows which answer belongs to which question."""

    def __init__(self, send: Callable[[ClientMessage], None]) -> None:
        self._send = send
        self._numbers = itertools.count(1)
        self._waiting: dict[str, _Waiting] = {}

    def ask(self, request: Request, success: Success, failure: Failure) -> None:
        """Sends `request` (its id is given here); one of the two is called later, once."""
        request = msgspec.structs.replace(request, id=f"window-{next(self._numbers)}")
        self._waiting[request.id] = _Waiting(success, failure)
        self._send(request)

    def told(self, message: ServerMessage) -> bool:
        """True when `message` was the answer to a question."""
        match message:
            case Result(id=request) if waiting := self._waiting.pop(request, None):
                waiting.success(message.value)
            case ErrorEvent(id=str(request)) if waiting := self._waiting.pop(request, None):
                waiting.failure(CompanionError(message.code, message.message))
            case _:
                return False
        return True

    def lost(self) -> None:
        """There is no engine any more that could answer."""
        waiting, self._waiting = self._waiting, {}
        for each in waiting.values():
            each.failure(EnvironmentFault("engine-lost", "The engine is away; try again when it is back."))
