from __future__ import annotations

import numpy as np
import pytest

from engine.embedding import EmbedRequest
from engine.embedding.scripted import ScriptedEmbedder


def test_equal_texts_have_equal_unit_vectors_and_others_do_not() -> None:
    same, again, other, blank = (
        np.array(result.vector)
        for result in ScriptedEmbedder().run(EmbedRequest(("tea", " tea ", "coffee", " ")), iter(()))
    )
    assert (same == again).all()
    assert same @ other < 0.99
    assert np.linalg.norm(other) == pytest.approx(1.0)
    assert blank.shape == (ScriptedEmbedder.dimensions,)
    assert not blank.any()
