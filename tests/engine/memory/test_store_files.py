"""What is in the files, what is no longer, and what becomes of damaged ones."""

from __future__ import annotations

import os
import stat

import pytest

from engine.errors import EnvironmentFault, PeerFault
from tests.support.memory_world import World, holding, run, texts, vector_bytes

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
