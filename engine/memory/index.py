"""Search by meaning: vectors in, the nearest items out. No text is in an index; it can always be made again.

One item cannot be removed, on purpose: Chroma leaves the bytes of what it removes on disk, so forgetting
erases the whole index, which is then made again from the record.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EnvironmentFault, StageFault
from engine.memory.folder import make_private

_log = logging.getLogger(__name__)

Vector = NDArray[np.float32]

_FIRST_ROWS = 256
_SAME = 0.999
"""Cosine from which two vectors are the same but for rounding."""


class MemoryIndex(ABC):
    """Unit vectors by name. Used by one thread. Raises StageFault `memory-index-failed`."""

    @abstractmethod
    def add(self, items: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Takes vectors of shape (len(items), dimensions); an item it has stays as it is."""

    @abstractmethod
    def search(self, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """Up to `limit` items with their cosine to `vector` (dimensions,), nearest first."""

    @abstractmethod
    def count(self) -> int:
        """Items held."""

    @abstractmethod
    def close(self) -> None:
        """Ends the use of the index; what was added stays."""

    @abstractmethod
    def erase(self) -> None:
        """Ends the use of the index and leaves no byte of it."""

    def check(self, least: int, most: int, samples: Sequence[tuple[str, Vector]]) -> str:
        """What is wrong with an index that must hold `least` to `most` items, `samples` among them; empty if
        nothing is.

        A damaged Chroma folder opens without an error and counts right: only looking up known vectors tells.
        """
        if not least <= self.count() <= most:
            return f"it holds {self.count()} memories instead of {least}"
        for item, vector in samples:
            found = self.search(vector, 1)
            if not found or found[0][1] < _SAME:
                return f"it does not find {item}"
        return ""


class ExactIndex(MemoryIndex):
    """Compares with every vector: the reference for the others, and enough for some ten thousand memories."""

    def __init__(self, dimensions: int) -> None:
        self._items: list[str] = []
        self._held: set[str] = set()
        self._vectors = np.zeros((_FIRST_ROWS, dimensions), dtype=np.float32)

    def add(self, items: Sequence[str], vectors: NDArray[np.float32]) -> None:
        for item, vector in zip(items, vectors, strict=True):
            if item in self._held:
                continue
            if len(self._items) == len(self._vectors):
                self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._vectors[len(self._items)] = vector
            self._items.append(item)
            self._held.add(item)

    def search(self, vector: Vector, limit: int) -> list[tuple[str, float]]:
        cosines = self._vectors[: len(self._items)] @ vector
        return [(self._items[i], float(cosines[i])) for i in np.argsort(-cosines, kind="stable")[:limit]]

    def count(self) -> int:
        return len(self._items)

    def close(self) -> None:
        """Nothing was opened."""

    def erase(self) -> None:
        self._items.clear()
        self._held.clear()
        self._vectors = np.zeros_like(self._vectors[:_FIRST_ROWS])


class ChromaIndex(MemoryIndex):
    """One Chroma collection in a folder of its own (chromadb 1.5.9), for one process."""

    _NAME = "memories"

    def __init__(self, folder: Path) -> None:
        """Opens or makes the index in `folder`. Slow the first time: Chroma takes a second to import."""
        self._folder = folder
        with _chroma_faults():
            if not folder.exists():
                folder.mkdir(parents=True)
                _choose_write_ahead_log(folder)
            from chromadb import PersistentClient
            from chromadb.config import Settings

            self._client = PersistentClient(str(folder), Settings(anonymized_telemetry=False))
            self._collection = self._client.get_or_create_collection(
                self._NAME,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                embedding_function=None,
            )
        make_private(folder)

    def add(self, items: Sequence[str], vectors: NDArray[np.float32]) -> None:
        with _chroma_faults():
            self._collection.add(ids=list(items), embeddings=vectors)
        make_private(self._folder)

    def search(self, vector: Vector, limit: int) -> list[tuple[str, float]]:
        with _chroma_faults():
            found = self._collection.query(
                query_embeddings=vector[None], n_results=limit, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [(item, 1.0 - distance) for item, distance in zip(found["ids"][0], distances[0], strict=True)]

    def count(self) -> int:
        with _chroma_faults():
            return self._collection.count()

    def close(self) -> None:
        with _chroma_faults():
            self._client.close()  # pyright: ignore[reportAttributeAccessIssue] - not in its interface

    def erase(self) -> None:
        self.close()
        erase_folder(self._folder)


def erase_folder(folder: Path) -> None:
    """Removes a folder with all in it; raises EnvironmentFault `erase-incomplete` where something stays."""
    try:
        while folder.exists():
            # Chroma's threads end some time after `close`, and take their SQLite log away themselves:
            # a file missing half-way says nothing about the rest of the folder.
            with suppress(FileNotFoundError):
                shutil.rmtree(folder)
    except OSError as error:
        raise EnvironmentFault(
            "erase-incomplete",
            f"{folder} could not be removed ({error.strerror}): close the program that uses it and "
            "forget again, or restart.",
        ) from error


def _choose_write_ahead_log(folder: Path) -> None:
    # The mode stays with the file, and Chroma keeps it. A write then takes 6 ms instead of 24 (one fsync, not
    # four), which counts because Chroma holds the interpreter lock meanwhile.
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


@contextmanager
def _chroma_faults() -> Iterator[None]:
    """Everything Chroma and its Rust core throw, as one coded fault."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust core is no Exception
        _log.warning("the memory index failed", exc_info=error)
        raise StageFault(
            "memory",
            f"The memory index failed ({type(error).__name__}); it is made again at the next start.",
            code="memory-index-failed",
        ) from error
