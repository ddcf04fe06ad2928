"""Questions and their answers."""

from __future__ import annotations

from app.asking import Asking
from engine.messages import ClientMessage, ErrorEvent, HistoryList, MemoryList, Notice, Result


def test_each_answer_finds_its_question() -> None:
    sent: list[ClientMessage] = []
    answers: list[object] = []
    asking = Asking(sent.append)
    asking.ask(HistoryList(id=""), lambda value: answers.append(("history", value)), answers.append)
    asking.ask(MemoryList(id=""), lambda value: answers.append(("memories", value)), answers.append)
    history, memories = sent
    assert isinstance(history, HistoryList)
    assert isinstance(memories, MemoryList)
    assert history.id != memories.id
    assert asking.told(Result(id=memories.id, value=[1]))
    assert asking.told(Result(id=history.id, value=[]))
    assert answers == [("memories", [1]), ("history", [])]
    assert not asking.told(Result(id=history.id, value=[])), "answered once only"
    assert not asking.told(Notice(code="c", message="m"))
    assert not asking.told(ErrorEvent(code="c", message="m"))


def test_a_refusal_and_a_lost_engine_are_failures() -> None:
    sent: list[ClientMessage] = []
    faults: list[str] = []
    asking = Asking(sent.append)
    for _ in range(3):
        asking.ask(MemoryList(id=""), lambda value: None, lambda error: faults.append(error.code))
    first = sent[0]
    assert isinstance(first, MemoryList)
    assert asking.told(ErrorEvent(code="memory-failed", message="m", id=first.id))
    asking.lost()
    asking.lost()
    assert faults == ["memory-failed", "engine-lost", "engine-lost"]
