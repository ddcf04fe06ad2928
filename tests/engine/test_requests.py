"""Questions about history and memory, answered from a real memory."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

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
)
from engine.requests import answer
from tests.support.terminal import Companion


def test_everything_a_user_may_ask_of_memory(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path) as companion:
            await companion.ask("My name is Alice and I live in Paris.")
            book = companion.engine.memory

            async def ask(request: Any) -> Any:
                result, *changes = await answer(request, book, "en")
                assert isinstance(result, Result), result
                assert result.id == "1"
                assert all(isinstance(change, MemoryChanged) for change in changes)
                return result.value

            (turn,) = await ask(HistoryList(id="1"))
            assert "Alice" in str(turn)
            facts = await ask(MemoryList(id="1"))
            home = next(fact for fact in facts if "Paris" in str(fact))
            assert "Paris" in str(await ask(MemorySearch(id="1", query="where do I live")))
            assert "Alice" in str(await ask(MemorySource(id="1", memory=home["id"])))
            await ask(MemoryEdit(id="1", memory=home["id"], text="You live in Lyon."))
            assert "Lyon" in str(await ask(MemoryList(id="1")))
            await ask(MemoryPin(id="1", memory=home["id"]))
            note = await ask(MemoryPin(id="1", text="Speak slowly."))
            assert note["id"] in str(await ask(MemoryList(id="1")))
            await ask(MemoryDelete(id="1", memory=note["id"]))
            await ask(MemoryForgetAll(id="1"))
            assert await ask(MemoryList(id="1")) == []
            assert await ask(HistoryList(id="1")) == []

    asyncio.run(main())


def test_what_is_not_there_is_a_coded_error_with_the_requests_id(tmp_path: Path) -> None:
    async def main() -> None:
        async with Companion(tmp_path) as companion:
            (error,) = await answer(MemoryDelete(id="7", memory="fact:999"), companion.engine.memory, "zh")
            assert isinstance(error, ErrorEvent)
            assert (error.id, error.code) == ("7", "unknown-memory")
            assert error.message.startswith("没有这条记忆")
        (error,) = await answer(MemoryList(id="8"), None, "en")
        assert isinstance(error, ErrorEvent)
        assert (error.id, error.code) == ("8", "memory-unavailable")

    asyncio.run(main())
