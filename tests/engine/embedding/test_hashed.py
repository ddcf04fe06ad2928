from __future__ import annotations

import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.embedding import EmbedRequest
from engine.embedding.hashed import DIMENSIONS, HashedEmbedder, embed


def cosine(one: str, other: str) -> float:
    return float(np.dot(embed(one), embed(other)))


@settings(deadline=None)
@given(st.text(max_size=200))
def test_every_text_gives_a_unit_vector_or_zeros(text: str) -> None:
    vector = np.array(embed(text))
    assert vector.shape == (DIMENSIONS,)
    assert np.linalg.norm(vector) == pytest.approx(1.0) or not vector.any()


@pytest.mark.parametrize("text", ["", "   ", "?!…", "the of and", "😀"])
def test_a_text_without_words_gives_zeros(text: str) -> None:
    assert not any(embed(text))


def test_vectors_are_the_same_on_every_machine() -> None:
    """Stored vectors outlive the program: a change of this digest needs a new model_id."""
    packed = struct.pack(f"<{DIMENSIONS}f", *embed("Rio 喜欢 jasmine tea"))
    assert hashlib.sha256(packed).hexdigest() == (
        "5dc15c7bb9b253f8bd282a635c30e667378f323b330672bef73f8506386bcf24"
    )


@pytest.mark.parametrize(
    ("query", "near", "far"),
    [
        ("hiking in the mountains", "I hiked up a mountain", "My sister plays the violin"),
        ("我的猫叫什么", "我养了一只猫", "今天天气很好"),
        ("I luv swiming", "I love swimming", "I love cooking"),
    ],
)
def test_shared_words_and_spellings_come_near(query: str, near: str, far: str) -> None:
    assert cosine(query, near) > cosine(query, far) + 0.1


def test_a_batch_keeps_its_order() -> None:
    texts = ("one cat", "two dogs", "")
    embedded = HashedEmbedder().run(EmbedRequest(texts), iter(()))
    assert [result.vector for result in embedded] == [embed(text) for text in texts]
    assert (HashedEmbedder.model_id, HashedEmbedder.dimensions) == ("hashed-512-v1", DIMENSIONS)
