"""Text embedding: sentences in, unit vectors out."""

from __future__ import annotations

import msgspec

from engine.hosting.backend import Backend


class EmbedRequest(msgspec.Struct, frozen=True):
    """A batch of texts."""

    texts: tuple[str, ...]
    query: bool = False
    """True for a search query, False for something to be stored (some models treat them differently)."""


class Embedding(msgspec.Struct, frozen=True):
    """The vector of one text of the batch, in the batch's order."""

    vector: tuple[float, ...]
    """Unit length (or all zeros for a text without any word)."""


class Embedder(Backend[EmbedRequest, Embedding]):
    """Interface of the stage. `model_id` stamps stored vectors: another id means they must be made anew."""

    stage = "embedding"
    request_type = EmbedRequest
    output_type = Embedding
    model_id: str
    dimensions: int
