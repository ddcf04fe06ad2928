"""The memories of the people an engine serves: each profile in a folder of its own, opened while it is used.

Nothing is shared between two profiles, neither a file nor an object: what one has said cannot reach another
by any mistake in a query.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import PeerFault
from engine.memory.store import Memory

DEFAULT_PROFILE = "default"
"""The profile of whoever owns the data folder; it lies in the folder itself."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass
class _Entry:
    users: int = 0
    memory: Memory | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Memories:
    """Opens a profile's memory for its first user and closes it after its last."""

    def __init__(self, data_dir: Path, make: Callable[[Path, str], Memory]) -> None:
        """`make(folder, profile)` gives a memory that is not open yet."""
        self._data_dir = data_dir
        self._make = make
        self._entries: dict[str, _Entry] = {}

    def folder_of(self, profile: str) -> Path:
        """Where a profile's files lie. Raises PeerFault `bad-profile`."""
        if profile == DEFAULT_PROFILE:
            return self._data_dir
        if not _NAME.fullmatch(profile):
            raise PeerFault("bad-profile", "A profile's name is 1 to 64 of a-z, 0-9, - and _.")
        return self._data_dir / "profiles" / profile

    async def take(self, profile: str) -> Memory:
        """The open memory of `profile`; `give_back` follows. Raises what Memory.open raises."""
        folder = self.folder_of(profile)
        entry = self._entries.setdefault(profile, _Entry())
        async with entry.lock:
            if entry.memory is None:
                memory = self._make(folder, profile)
                await memory.open()
                entry.memory = memory
            entry.users += 1
            return entry.memory

    async def give_back(self, profile: str) -> None:
        """One user less."""
        entry = self._entries[profile]
        async with entry.lock:
            entry.users -= 1
            if entry.users == 0 and entry.memory:
                memory, entry.memory = entry.memory, None
                await memory.close()
