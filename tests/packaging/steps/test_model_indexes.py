from __future__ import annotations

from pathlib import Path

import pytest
from steps import model_indexes

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("platform", "nvidia", "kind"),
    [
        ("linux", False, "cpu"),
        ("linux", True, "cuda"),
        ("win32", True, "cuda"),
        ("win32", False, "cpu"),
        ("darwin", False, "metal"),
    ],
)
def test_the_build_fits_the_machine(platform: str, nvidia: bool, kind: str) -> None:
    assert model_indexes.kind_of(platform, nvidia) == kind


def test_only_indexes_that_answer_and_have_the_build_are_used() -> None:
    indexes = [{"cpu": "torch", "cuda": "torch for CUDA"}, {"cpu": "llama", "metal": "llama for Metal"}]
    assert model_indexes.choose(indexes, "cpu", lambda url: True) == ["torch", "llama"]
    assert model_indexes.choose(indexes, "cpu", lambda url: url == "llama") == ["llama"]
    assert model_indexes.choose(indexes, "metal", lambda url: True) == ["llama for Metal"]


def test_indexes_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_indexes, "reachable", lambda url: True)
    found = model_indexes.model_indexes(ROOT)
    assert found
    assert all(url.startswith("https://") for url in found)


def test_unreachable_index_is_an_answer() -> None:
    assert model_indexes.reachable("http://127.0.0.1:9/") is False
