from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.clock import ManualClock
from engine.embedding.hashed import HashedEmbedder, embed
from engine.errors import EnvironmentFault, PeerFault, StageFault
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


@pytest.fixture
def world(data_dir: Path) -> World:
    return World(data_dir)


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


CANARY = "Zyzzyva"


@pytest.mark.parametrize("memory_id", ["turn:2", "fact:1", "note:2", "all"])
def test_what_is_forgotten_leaves_no_byte(world: World, memory_id: str) -> None:
    said, fact = f"I like {CANARY} pie.", f"You like {CANARY} pie."

    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I live in Rome.")
            await world.say(memory, said, reply=f"{CANARY}? Delicious.")
            for number in range(30):
                await world.say(memory, f"Something else number {number}")
            await memory.settle()
            assert (await memory.pin("turn:2", pinned=True))["id"] == "note:3"
            await memory.settle()
            assert holding(world.folder, CANARY.encode())
            for text in (said, fact):
                assert holding(world.folder, vector_bytes(text))
            kept = {"turn:2": "turn:2", "fact:1": "fact:2", "note:2": "note:3"}
            await (memory.forget_all() if memory_id == "all" else memory.delete(kept[memory_id]))
            await memory.settle()
            if memory_id == "note:2":  # the fact still holds the word
                await memory.delete("fact:2")
            for needle in (CANARY.encode(), vector_bytes(said), vector_bytes(fact)):
                assert holding(world.folder, needle) == []
            await memory.settle()
            assert CANARY not in str(await memory.search(CANARY, limit=50))
            if memory_id == "all":
                assert await memory.history(before=None, limit=9) == []
                assert await memory.list_memories(before=None, limit=9) == []
            else:
                assert await texts(memory, "something number 7")
                assert (await memory.recall("x")).profile[0].value == "Rome"
        assert holding(world.folder, CANARY.encode()) == []
        async with world.open() as memory:
            await memory.settle()
            assert world.notices == []

    run(scenario)


def test_forgetting_cut_short_is_finished_at_the_next_start(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = f"I like {CANARY} pie."

    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, said)
            await memory.settle()
            with monkeypatch.context() as patch:
                patch.setattr("engine.memory.index_keeper.IndexKeeper.erase", lambda self: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    await memory.delete("turn:1")
            assert holding(world.folder / "index", vector_bytes(said))
        async with world.open() as memory:
            await memory.settle()
            for needle in (CANARY.encode(), vector_bytes(said)):
                assert holding(world.folder, needle) == []
            assert list((world.folder / "index").iterdir()) == [], "the scrub was skipped"

    run(scenario)


def test_profiles_in_one_folder_stay_apart(world: World) -> None:
    async def scenario() -> None:
        for profile, thing in (("mine", "tea"), ("theirs", "jazz")):
            async with world.open(profile) as memory:
                await world.say(memory, f"I like {thing}.")
                await memory.settle()
        async with world.open("theirs") as memory:
            await memory.settle()
            assert await texts(memory, "tea jazz what do I like") == ["You like jazz."]
            assert await memory.search("tea", limit=9) == []
            with pytest.raises(PeerFault):
                await memory.delete("turn:1")
            await memory.forget_all()
        async with world.open("mine") as memory:
            await memory.settle()
            assert await texts(memory, "tea") == ["You like tea."]
        assert world.notices == []

    run(scenario)


def test_a_second_memory_on_the_folder_is_refused(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            with pytest.raises(EnvironmentFault, match="data-folder-in-use"):
                await world.memory().open()
            await world.say(memory, "I like tea.")
        async with world.open():
            pass

    run(scenario)


def test_a_damaged_record_is_refused_and_the_folder_let_go(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I like tea.")
        record = world.folder / "record.sqlite3"
        good = record.read_bytes()
        record.write_bytes(b"x" * 4096 + good[4096:])
        for _ in range(2):
            with pytest.raises(EnvironmentFault, match="record-damaged"):
                await world.memory().open()
        record.write_bytes(good)
        async with world.open() as memory:
            assert await texts(memory, "tea")

    run(scenario)


def test_a_lost_index_is_made_again_with_one_notice(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "My boat is called Albatross")
            await memory.settle()
        (index,) = (world.folder / "index").iterdir()
        index.rename(world.folder / "elsewhere")
        async with world.open() as memory:
            await memory.settle()
            assert world.notices == ["memory-index-rebuilt"]
            assert await texts(memory, "boat") == ["My boat is called Albatross"]
        assert world.embedder.texts == ["My boat is called Albatross"]

    run(scenario)


def test_a_full_disk_is_told_and_the_next_write_works(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            await world.say(memory, "I like tea.")
            await memory.settle()
            database = memory._open_archive._database
            await memory._owner.call(database.rows, "PRAGMA max_page_count = 1")
            with pytest.raises(EnvironmentFault, match="disk-full"):
                await world.say(memory, "x" * 100_000)
            assert await texts(memory, "tea")
            await memory._owner.call(database.rows, "PRAGMA max_page_count = 100000")
            await world.say(memory, "I like rain.")
            assert len(await memory.history(before=None, limit=9)) == 2

    run(scenario)


def test_a_reply_to_a_forgotten_turn_is_dropped(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            turn = await memory.user_turn(session="s", turn=1, text="Hi", language="en", source="typed")
            await memory.forget_all()
            await memory.reply_heard(turn, text="Hello", emotion="calm", outcome="done")
            assert await memory.history(before=None, limit=9) == []

    run(scenario)


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_all_files_are_private_whatever_the_umask(world: World) -> None:
    async def scenario() -> None:
        async with world.open() as memory:
            for number in range(3):
                await world.say(memory, f"I like number {number}.")
            await memory.settle()
            for path in (world.folder, *world.folder.rglob("*")):
                expected = 0o700 if path.is_dir() else 0o600
                assert stat.S_IMODE(path.stat().st_mode) == expected, path

    before = os.umask(0)
    try:
        run(scenario)
    finally:
        os.umask(before)
