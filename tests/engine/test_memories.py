from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.clock import SystemClock
from engine.errors import EnvironmentFault, PeerFault
from engine.memories import DEFAULT_PROFILE, Memories
from engine.memory.store import Memory


async def embed(texts: tuple[str, ...], query: bool) -> list[tuple[float, ...]]:
    return [(1.0, 0.0) for _ in texts]


def memories(folder: Path) -> Memories:
    def make(folder: Path, profile: str) -> Memory:
        return Memory(
            folder,
            embed=embed,
            model_id="test",
            dimensions=2,
            clock=SystemClock(),
            extract=lambda text, language, day: (),
            on_notice=lambda code, error: None,
            on_changed=lambda changed: None,
        )

    return Memories(folder, make)


def test_users_of_one_profile_share_its_memory_until_the_last_gives_it_back(tmp_path: Path) -> None:
    async def main() -> None:
        kept = memories(tmp_path)
        one, two = await asyncio.gather(kept.take("alice"), kept.take("alice"))
        assert one is two
        await kept.give_back("alice")
        assert await one.history(before=None, limit=5) == []
        await kept.give_back("alice")
        again = await kept.take("alice")
        assert again is not one
        await kept.give_back("alice")

    asyncio.run(main())


def test_profiles_share_neither_words_nor_files(tmp_path: Path) -> None:
    async def main() -> None:
        kept = memories(tmp_path)
        owner, guest = await kept.take(DEFAULT_PROFILE), await kept.take("guest")
        await owner.user_turn(session="s", turn=1, text="my canary", language="en", source="typed")
        assert await guest.history(before=None, limit=5) == []
        assert (await guest.recall("canary")).recollections == ()
        await kept.give_back(DEFAULT_PROFILE)
        await kept.give_back("guest")
        for path in (tmp_path / "profiles").rglob("*"):
            assert path.is_dir() or b"canary" not in path.read_bytes()

    asyncio.run(main())


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "x" * 65, "-a", "a\n"])
def test_a_name_that_is_no_folder_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PeerFault) as refused:
        memories(tmp_path).folder_of(name)
    assert refused.value.code == "bad-profile"


def test_a_memory_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    async def main() -> None:
        holder, waiting = memories(tmp_path), memories(tmp_path)
        await holder.take("alice")
        with pytest.raises(EnvironmentFault) as refused:
            await waiting.take("alice")
        assert refused.value.code == "data-folder-in-use"
        await holder.give_back("alice")
        await waiting.take("alice")
        await waiting.give_back("alice")

    asyncio.run(main())
