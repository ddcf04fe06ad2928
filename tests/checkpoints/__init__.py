"""Tiny models of real architectures, made on this machine and kept for the next time.

They know by heart what dialogues.py says, so that what comes out of the real libraries can be checked. Making
them takes some minutes; importing this does not import what makes them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Literal

from tests.checkpoints.cache import cached
from tests.checkpoints.dialogues import DIALOGUES, Dialogue

HERE = Path(__file__).parent
_FEELINGS = ("HAPPY", "SAD", "ANGRY", "NEUTRAL")
_COMMON = [HERE / "dialogues.py"]


def tiny_qwen(architecture: Literal["qwen2", "qwen3"]) -> Path:
    """The GGUF file of a tiny Qwen2.5 or Qwen3."""
    folder = _made(architecture, "qwen", ["persona.toml"], architecture)
    return folder / f"tiny-{architecture}.gguf"


def tiny_sensevoice() -> Path:
    """The folder of a tiny SenseVoiceSmall."""
    return _made("sensevoice", "sensevoice", ["voices.py"])


def said(dialogue: Dialogue) -> bytes:
    """How it sounds, as PCM of 16 kHz: as the tiny SenseVoiceSmall has heard it."""
    return (tiny_sensevoice() / f"{DIALOGUES.index(dialogue):02}.pcm").read_bytes()


def feeling_of(dialogue: Dialogue) -> str:
    """What the tiny SenseVoiceSmall is taught to hear in it: one of SenseVoice's emotions."""
    return _FEELINGS[DIALOGUES.index(dialogue) % len(_FEELINGS)]


def _made(name: str, module: str, others: list[str], *arguments: str) -> Path:
    """What a module makes, in a process of its own: torch is large, and one of the voices is GPL."""

    def make(folder: Path) -> None:
        command = [sys.executable, "-m", f"tests.checkpoints.{module}", str(folder), *arguments]
        done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    recipe = [*_COMMON, HERE / f"{module}.py", *(HERE / other for other in others)]
    return cached(name, recipe, make)
