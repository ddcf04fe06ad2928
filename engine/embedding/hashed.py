"""Text embedding without a model: words and character n-grams hashed into 512 signed dimensions.

Near spellings and shared words come out near; synonyms do not. It needs no download, runs anywhere and is the
starter's embedding. Source of the method: Weinberger et al., "Feature Hashing for Large Scale Multitask
Learning", 2009.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator

from engine.embedding import Embedder, Embedding, EmbedRequest
from engine.memory.words import cjk_terms, latin_stems_and_cjk_runs

DIMENSIONS = 512
_GRAM_SIZES = (3, 4, 5)


class HashedEmbedder(Embedder):
    """The embedding stage of the starter profile: well under a millisecond a sentence."""

    model_id = "hashed-512-v1"
    dimensions = DIMENSIONS

    def run(self, request: EmbedRequest, feed: Iterator[bytes]) -> Iterator[Embedding]:
        """One unit vector of 512 dimensions for each text; zeros for a text without any word."""
        for text in request.texts:
            yield Embedding(embed(text))


def embed(text: str) -> tuple[float, ...]:
    """The unit vector of one text (512 floats)."""
    vector = [0.0] * DIMENSIONS
    for feature, weight in _features(text).items():
        # CRC-32 is stable over runs and machines, unlike hash(); its bits are used twice, for place and sign.
        code = zlib.crc32(feature.encode())
        damped = 1 + math.log(weight) if weight > 1 else weight
        vector[code % DIMENSIONS] += damped if code & 0x8000_0000 else -damped
    norm = math.sqrt(sum(value * value for value in vector))
    return tuple(value / norm for value in vector) if norm else tuple(vector)


def _features(text: str) -> dict[str, float]:
    """Weighted features; a prefix keeps words, grams and characters apart."""
    stems, runs = latin_stems_and_cjk_runs(text)
    features: dict[str, float] = {}

    def count(feature: str, weight: float) -> None:
        features[feature] = features.get(feature, 0.0) + weight

    for word in stems:
        count(f"w:{word}", 1.0)
        framed = f"<{word}>"
        grams = [framed[i : i + size] for size in _GRAM_SIZES for i in range(len(framed) - size + 1)]
        for gram in grams:
            count(f"g:{gram}", 1.0 / len(grams))
    for run in runs:
        for term, weight in cjk_terms(run):
            count(f"c:{term}", weight)
    return features
