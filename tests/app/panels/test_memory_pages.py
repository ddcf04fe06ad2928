"""The pages of the memories, asked for from nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.asking import Request, Success
from app.panels.memory_pages import MemoryPages
from engine.messages import MemoryList, MemorySearch


class Asked:
    """Notes the questions; the test answers them."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._ends: list[tuple[Success, Callable[[], None]]] = []

    def __call__(self, request: Request, success: Success, failure: Callable[[], None]) -> None:
        self.requests.append(request)
        self._ends.append((success, failure))

    def answer(self, question: int, *numbers: int) -> None:
        self._ends[question][0](
            [{"id": f"fact:{number}", "kind": "fact", "text": "", "at": ""} for number in numbers]
        )

    def fail(self, question: int) -> None:
        self._ends[question][1]()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    monkeypatch.setattr("app.panels.memory_pages.PAGE", 2)
    return Asked()


def numbers(pages: MemoryPages) -> list[int]:
    return [entry.number for entry in pages.entries]


def test_pages_follow_each_other_until_one_is_not_full(asked: Asked) -> None:
    pages = MemoryPages(asked)
    pages.load("")
    asked.answer(0, 9, 8)
    pages.more()
    pages.more()
    assert asked.requests == [MemoryList(id="", limit=2), MemoryList(id="", limit=2, before=8)]
    asked.answer(1, 7)
    assert numbers(pages) == [9, 8, 7]
    assert pages.whole
    pages.more()
    assert len(asked.requests) == 2


def test_what_fails_is_asked_again(asked: Asked) -> None:
    pages = MemoryPages(asked)
    pages.load("")
    asked.answer(0, 9, 8)
    pages.more()
    asked.fail(1)
    pages.more()
    asked.answer(2, 7)
    assert numbers(pages) == [9, 8, 7]


def test_an_answer_that_was_overtaken_is_dropped(asked: Asked) -> None:
    pages = MemoryPages(asked)
    pages.load("")
    pages.load("tea")
    asked.answer(1, 5, 4)
    asked.answer(0, 9, 8)
    assert isinstance(asked.requests[1], MemorySearch)
    assert numbers(pages) == [5, 4]
    assert pages.whole
