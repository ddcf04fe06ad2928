from __future__ import annotations

from pathlib import Path

import pytest
from steps import torch_index

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("platform", "nvidia", "reachable", "index"),
    [
        ("linux", False, True, "CPU"),
        ("linux", True, True, "CUDA"),
        ("win32", True, True, "CUDA"),
        ("linux", True, False, None),
        ("linux", False, False, None),
        ("darwin", False, True, None),
    ],
)
def test_torch_index(platform: str, nvidia: bool, reachable: bool, index: str | None) -> None:
    indexes = {"cpu": "CPU", "cuda": "CUDA"}
    assert torch_index.choose_torch_index(indexes, platform, nvidia, lambda url: reachable) == index


def test_torch_indexes_are_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_index, "reachable", lambda url: True)
    monkeypatch.setattr(torch_index.sys, "platform", "linux")
    assert torch_index.torch_index(ROOT).startswith("https://download.pytorch.org/whl/")


def test_unreachable_index_is_an_answer() -> None:
    assert torch_index.reachable("http://127.0.0.1:9/") is False
