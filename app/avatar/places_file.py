"""The file that remembers where the avatar stands: JSON, replaced as a whole."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from app.avatar.placement import Memory

log = logging.getLogger(__name__)


class PlacesFile:
    """What is remembered, kept in a file. One that cannot be read or written is no reason to stop: she then
    stands where she stands at first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.memory = self._read()

    def remember(self, memory: Memory) -> None:
        """Writes what is new."""
        if memory == self.memory:
            return
        self.memory = memory
        temporary = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(msgspec.json.encode(memory))
            temporary.replace(self._path)
        except OSError as error:
            log.warning("Where the avatar stands could not be written to %s: %s.", self._path, error)

    def _read(self) -> Memory:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Memory)
        except FileNotFoundError:
            return Memory()
        except (OSError, ValueError) as error:
            log.warning("Where the avatar stood could not be read from %s: %s.", self._path, error)
            return Memory()
