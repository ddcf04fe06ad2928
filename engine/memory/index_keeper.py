"""Keeps the index beside the record: checked at start, filled bit by bit, made again when in doubt.

Theory of operation. The index of a profile lives in `index/<profile>-<generation>`, and every stored vector
is marked with the generation that holds it. To make the index again is therefore one step, giving up the
generation: the folder is removed, and all vectors wait for the next one. The same step forgets, since a new
index is made of what is still in the record. While the index is opened the record says `opening`: native code
that crashes on a damaged folder does so once, and finds a new folder at the next start.

Asking Chroma takes 1.5 ms however little it holds, comparing with a thousand vectors a tenth of that. So a
small memory is asked through a copy of its vectors; from EXACT_UP_TO on the copy is given up.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import StageFault
from engine.memory.index import ChromaIndex, ExactIndex, MemoryIndex, erase_folder
from engine.memory.record import Record

log = logging.getLogger(__name__)

EXACT_UP_TO = 2000
"""Vectors up to which a copy is kept (4 MB at 512 dimensions)."""
SAMPLES = 20
"""Vectors looked up at every start. An index that lost half of them passes once in a million."""


class IndexKeeper:
    """The index of one profile. Methods raise the faults of Record, and StageFault `memory-index-failed`."""

    def __init__(self, record: Record, folder: Path, model_id: str, dimensions: int) -> None:
        self._record = record
        self._folder = folder
        self._model = (model_id, dimensions)
        self._index: MemoryIndex | None = None
        self._copy: ExactIndex | None = None
        self._generation = 0
        self._filled = False

    @property
    def usable(self) -> MemoryIndex | None:
        """What to search, once it holds everything; None before, and when the index is broken."""
        if self._index is None or not self._filled:
            return None
        return self._copy or self._index

    def open(self) -> str:
        """Opens the index; returns what is wrong with it and makes it again, or nothing when it is sound."""
        profile = self._record.profile()
        another_model = (profile.model_id, profile.dimensions) != self._model
        reason = ""
        if profile.state == "opening":
            reason = "the program ended while opening it"
        if another_model:
            reason = "another model compares the memories now" if profile.model_id else ""
            self._record.adopt_model(*self._model)
        if another_model or profile.state != "ready":
            self._record.next_generation()
        if profile.state == "erased" and profile.process == os.getpid():
            self._hold_in_memory()
            return reason
        reason = self._open_and_check() or reason
        if self._index is None:
            self._record.next_generation()
            if unusable := self._open_and_check():
                log.error("a new memory index is unusable: %s", unusable)
        self._remove_strays()
        return reason

    def _open_and_check(self) -> str:
        """Opens the folder of the current generation; leaves no index open where something is wrong."""
        self._generation = self._record.profile().generation
        self._filled = False
        self._record.set_state("opening")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        try:
            index = ChromaIndex(self._folder / f"{self._record.profile_id}-{self._generation}")
            samples = self._record.sample_indexed(self._generation, SAMPLES)
            reason = index.check(
                *self._record.count_vectors(self._generation),
                [(item, np.frombuffer(vector, np.float32)) for item, vector in samples],
            )
            if reason:
                index.close()
            else:
                self._index = index
                self._make_copy()
        except StageFault as error:
            reason = error.message
        self._record.set_state("ready")
        return reason

    def _make_copy(self) -> None:
        """Copies what the index holds, if it is little."""
        held, _ = self._record.count_vectors(self._generation)
        self._copy = ExactIndex(self._model[1]) if held <= EXACT_UP_TO else None
        if self._copy:
            vectors = self._record.indexed(self._generation)
            self._add_to_copy([(item, np.frombuffer(vector, np.float32)) for item, vector in vectors])

    def _add_to_copy(self, items: Sequence[tuple[str, NDArray[np.float32]]]) -> None:
        if self._copy and items:
            self._copy.add([item for item, _ in items], np.stack([vector for _, vector in items]))
            if self._copy.count() > EXACT_UP_TO:
                self._copy = None

    def _remove_strays(self) -> None:
        """Removes the folders of given-up generations."""
        kept = f"{self._record.profile_id}-{self._generation}"
        for folder in self._folder.glob(f"{self._record.profile_id}-*"):
            if folder.name != kept:
                erase_folder(folder)

    def fill(self, limit: int) -> bool:
        """Puts up to `limit` waiting vectors into the index; False when none waits."""
        if self._index is None:
            return False
        waiting = self._record.to_index(self._generation, limit)
        full = [(item, np.frombuffer(vector, np.float32)) for item, vector in waiting if vector]
        if full:
            try:
                self._index.add([item for item, _ in full], np.stack([vector for _, vector in full]))
            except StageFault:
                self._index = None
                raise
            self._add_to_copy(full)
        if waiting:
            self._record.mark_indexed([item for item, _ in waiting], self._generation)
        self._filled = self._filled or not waiting
        return bool(waiting)

    def erase(self) -> None:
        """Removes the index with every byte of it. The record must have given up its generation."""
        index, self._index = self._index, None
        if index is not None:
            index.erase()
        self._hold_in_memory()
        self._remove_strays()

    def _hold_in_memory(self) -> None:
        """Begins an index without files, for the rest of a process that has forgotten something.

        HNSW saves its whole buffer, with whatever the process had in that memory before: one test run in five
        found forgotten vectors in the files of the next index. Another process makes them.
        """
        self._index, self._copy = ExactIndex(self._model[1]), None
        self._generation = self._record.profile().generation
        self._filled = False

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None


def to_bytes(vector: tuple[float, ...], dimensions: int) -> bytes:
    """Float32, little-endian; empty for the zeros of a text without any word.

    Raises StageFault `embedding-failed` for anything but `dimensions` finite numbers."""
    array: NDArray[np.float32] = np.array(vector, dtype="<f4")
    if array.shape != (dimensions,) or not np.isfinite(array).all():
        raise StageFault("embedding", f"The embedder gave a vector that is not {dimensions} finite numbers.")
    return array.tobytes() if array.any() else b""
