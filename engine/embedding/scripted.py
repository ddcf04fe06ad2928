"""Text embedding for tests and demos: the same text gives the same vector, another text another."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator

from engine.embedding import Embedder, Embedding, EmbedRequest


class ScriptedEmbedder(Embedder):
    """A unit vector of 16 dimensions from the digest of the text; blank text gives zeros."""

    model_id = "scripted-16"
    dimensions = 16

    def run(self, request: EmbedRequest, feed: Iterator[bytes]) -> Iterator[Embedding]:
        for text in request.texts:
            yield Embedding(_vector(text.strip()))


def _vector(text: str) -> tuple[float, ...]:
    if not text:
        return (0.0,) * ScriptedEmbedder.dimensions
    values = [byte - 127.5 for byte in hashlib.blake2b(text.encode(), digest_size=16).digest()]
    norm = math.sqrt(sum(value * value for value in values))
    return tuple(value / norm for value in values)
