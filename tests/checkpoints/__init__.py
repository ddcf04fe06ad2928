"""Tiny models of real architectures, made on this machine and kept for the next time.

They know by heart what dialogues.py says, so that what comes out of the real libraries can be checked. Making
them takes some minutes; importing this does not import what makes them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

from tests.checkpoints.cache import cached

HERE = Path(__file__).parent
_RECIPE = [HERE / name for name in ("qwen.py", "dialogues.py", "persona.toml")]


def tiny_qwen(architecture: Literal["qwen2", "qwen3"]) -> Path:
    """The GGUF file of a tiny Qwen2.5 or Qwen3."""
    folder = cached(architecture, _RECIPE, partial(_train, architecture))
    return folder / f"tiny-{architecture}.gguf"


def _train(architecture: Literal["qwen2", "qwen3"], folder: Path) -> None:
    from tests.checkpoints import qwen

    qwen.train(folder, architecture)
