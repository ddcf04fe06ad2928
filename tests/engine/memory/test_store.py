"""What is told, recalled, listed and changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from engine.errors import PeerFault, StageFault
from engine.memory.facts import FactDraft
from tests.support.memory_world import World, extract, holding, run, texts


def test_what_was_told_is_recalled_with_profile_and_notes(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I live in Rome.")
            await world.say(memory, "I live in Paris.")
            await world.say(memory, "I like jasmine tea.", reply="Tea it is.")
            await memory.add_note("Never mention snakes.")
            await memory.settle()
            recall = await memory.recall("What tea do I like?")
            assert [(slot.slot, slot.value) for slot in recall.profile] == [("home", "Paris")]
            assert recall.notes == ("Never mention snakes.",)
            best = recall.recollections[0]
            assert (best.kind, best.slot, best.value) == ("fact", "likes", "jasmine tea")
            before = await texts(memory, "Where did I live before?")
            assert before[0].startswith("You live in Rome, until ")
            assert world.notices == []

    run(scenario)


def test_a_turn_is_on_disk_and_recalled_before_its_reply(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            turn = await memory.user_turn(
                session="s", turn=1, text="My boat is called Albatross", language="en", source="voice"
            )
            with closing(sqlite3.connect(world.folder / "record.sqlite3")) as other:
                assert other.execute("SELECT text FROM turns").fetchall() == [
                    ("My boat is called Albatross",)
                ]
            assert await texts(memory, "boat") == ["My boat is called Albatross"]
            assert await texts(memory, "boat", exclude_turns=[turn]) == []
            assert (await memory.history(before=None, limit=5))[0]["outcome"] is None

    run(scenario)


def test_turns_are_indexed_in_order_once(world: World) -> None:
    async def scenario() -> None:
        said = [f"sentence number {number}" for number in range(40)]
        async with world.open() as memory:
            for text in said:
                await world.say(memory, text)
            await memory.settle()
        assert world.embedder.texts == said
        async with world.open() as memory:
            await memory.settle()
            assert world.embedder.texts == said
            assert (await memory.recall("sentence")).recollections

    run(scenario)


def test_only_the_user_makes_facts(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I like tea.", reply="I like coffee.")
            for _ in range(100):
                recalled = await texts(memory, "what do I like")
                await world.say(memory, "What do I like?", reply=f"I like {recalled[0]}")
            await memory.settle()
            assert [fact["value"] for fact in await memory.list_memories(before=None, limit=99)] == ["tea"]

    run(scenario)


def test_what_was_left_undone_is_done_at_the_next_start(world: World) -> None:
    async def scenario() -> None:
        world.embedder.hangs = True
        async with world.open() as memory:
            await memory.user_turn(session="s", turn=1, text="I like tea.", language="en", source="typed")
        world.embedder.hangs = False
        async with world.open() as memory:
            await memory.settle()
            assert [fact["value"] for fact in await memory.list_memories(before=None, limit=9)] == ["tea"]
            assert world.embedder.texts == ["I like tea.", "You like tea."]
            (turn,) = await memory.history(before=None, limit=9)
            assert turn["outcome"] == "error"

    run(scenario)


def test_without_the_embedder_recall_goes_by_words_and_says_so_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "My boat is called Albatross")
            await memory.settle()
            world.embedder.fault = StageFault("embedding", "It broke.")
            for _ in range(3):
                assert await texts(memory, "boat") == ["My boat is called Albatross"]
            assert world.notices == ["memory-by-words-only"]
            world.embedder.fault = None
            await memory.recall("boat")
            world.embedder.hangs = True
            monkeypatch.setattr("engine.memory.store.QUERY_EMBED_S", 0.01)
            assert await texts(memory, "boat") == ["My boat is called Albatross"]
            assert world.notices == ["memory-by-words-only"] * 2

    run(scenario)


def test_what_is_learned_behind_is_told(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            for text in ("I like tea.", "Hello", "I like tea.", "I live in Rome.", "I live in Paris."):
                await world.say(memory, text)
            await memory.settle()
            assert world.changes == [("fact:1",), ("fact:2",), ("fact:2", "fact:3")]
            assert await texts(memory, "Where did I live before? Rome?")

    run(scenario)


def test_indexing_that_failed_is_tried_again_with_the_next_turn(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            world.embedder.fault = StageFault("embedding", "It broke.")
            for text in ("I like tea.", "I like jazz."):
                await world.say(memory, text)
                await memory.settle()
            assert world.notices == ["memory-behind"]
            world.embedder.fault = None
            await world.say(memory, "Hello")
            await memory.settle()
            assert set(world.embedder.texts) == {
                "I like tea.",
                "You like tea.",
                "I like jazz.",
                "You like jazz.",
                "Hello",
            }

    run(scenario)


def test_an_embedder_of_the_wrong_size_is_told(world: World) -> None:
    async def short(texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
        return [(1.0,)] * len(texts)

    async def scenario() -> None:
        world.embedder = short  # type: ignore[assignment]
        async with world.open() as memory:
            await world.say(memory, "I like tea.")
            await memory.settle()
            assert world.notices == ["memory-behind"]

    run(scenario)


def test_an_extractor_that_throws_stops_nothing(world: World, expect_log) -> None:
    def broken(text: str, language: str, told_on: str) -> Sequence[FactDraft]:
        if text == "I like tea.":
            raise ValueError("broken rules")
        return extract(text, language, told_on)

    async def scenario() -> None:
        world.extract = broken
        async with world.open() as memory:
            await world.say(memory, "I like tea.")
            await world.say(memory, "I like jazz.")
            await memory.settle()
            assert [fact["value"] for fact in await memory.list_memories(before=None, limit=9)] == ["jazz"]
            assert "I like tea." in await texts(memory, "tea")

    expect_log("extracting facts of turn 1 failed", level=40)
    run(scenario)


def test_history_and_lists_are_paged_json(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            for thing in ("tea", "jazz", "rain"):
                await world.say(memory, f"I like {thing}.", reply=f"{thing}!")
            await memory.settle()
            first = await memory.history(before=None, limit=2)
            assert first[0] == {
                "id": 3,
                "session": "s",
                "at": "2023-11-17T22:13:20Z",
                "user": "I like rain.",
                "reply": "rain!",
                "emotion": "calm",
                "outcome": "done",
            }
            assert [turn["id"] for turn in await memory.history(before=first[-1]["id"], limit=9)] == [1]
            facts = await memory.list_memories(before=None, limit=2)
            assert facts[0] == {
                "id": "fact:3",
                "kind": "fact",
                "text": "You like rain.",
                "at": "2023-11-17T22:13:20Z",
                "until": None,
                "slot": "likes",
                "value": "rain",
                "pinned": False,
                "turns": [3],
            }
            assert [fact["id"] for fact in await memory.list_memories(before=2, limit=9)] == ["fact:1"]
            found = await memory.search("jazz", limit=9)
            assert {"fact:2", "turn:2"} == {entry["id"] for entry in found[:2]}
            source = await memory.source("fact:2")
            assert [turn["user"] for turn in source["turns"]] == ["I like jazz."]
            assert (await memory.source("turn:1"))["turns"][0]["reply"] == "tea!"

    run(scenario)


def test_pins_are_in_every_prompt(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I like tea.")
            await world.say(memory, "My door code is 4711")
            await memory.settle()
            assert (await memory.pin("fact:1", pinned=True))["pinned"]
            note = await memory.pin("turn:2", pinned=True)
            assert (note["kind"], note["turns"]) == ("note", [2])
            assert await memory.pin("turn:2", pinned=True) == note
            recall = await memory.recall("tea")
            assert recall.notes == ("You like tea.", "My door code is 4711")
            assert "You like tea." not in [found.text for found in recall.recollections]
            assert not (await memory.pin("fact:1", pinned=False))["pinned"]
            assert not (await memory.pin("turn:2", pinned=False))["pinned"]
            assert (await memory.recall("tea")).notes == ()
            assert (await memory.pin("turn:1", pinned=False))["kind"] == "turn"

    run(scenario)


def test_an_edited_memory_is_recalled_in_its_new_words(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I live in Rome.")
            await world.say(memory, "I like cofee.")
            await memory.settle()
            assert (await memory.edit("fact:1", "You live in Lyon."))["value"] == "Lyon"
            edited = await memory.edit("turn:2", "I like coffee.")
            assert edited["text"] == "I like coffee."
            await memory.settle()
            recall = await memory.recall("coffee")
            assert recall.profile[0].value == "Lyon"
            assert recall.recollections[0].text == "You like coffee."
            assert holding(world.folder, b"cofee") == []
            assert {entry["text"] for entry in await memory.list_memories(before=None, limit=9)} == {
                "You live in Lyon.",
                "You like coffee.",
            }

    run(scenario)


def test_blank_and_unknown_memories_are_refused(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            for refused in (memory.add_note("  "), memory.edit("turn:1", "\n")):
                with pytest.raises(PeerFault, match="empty-memory"):
                    await refused
            for refused in (
                memory.delete("turn:7"),
                memory.delete("fact:7"),
                memory.edit("note:7", "x"),
                memory.pin("turn:x", pinned=True),
                memory.source("../record"),
            ):
                with pytest.raises(PeerFault, match="unknown-memory"):
                    await refused

    run(scenario)
