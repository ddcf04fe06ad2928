"""Where PyTorch and llama-cpp-python come from, built for this machine."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Callable

REACH_TIMEOUT_S = 3


def model_indexes(root: Path) -> list[str]:
    """The indexes to look into on this machine, beside the default registry."""
    import tomllib  # not in Python 3.9, which must be able to read this file

    indexes = tomllib.loads((root / "packaging" / "indexes.toml").read_text(encoding="utf-8"))
    kind = kind_of(sys.platform, has_nvidia())
    return choose(list(indexes.values()), kind, reachable)


def choose(indexes: list[dict[str, str]], kind: str, reachable: Callable[[str], bool]) -> list[str]:
    """Those of a kind that answer."""
    return [index[kind] for index in indexes if kind in index and reachable(index[kind])]


def kind_of(platform: str, nvidia: bool) -> str:
    """CUDA builds where there is an NVIDIA GPU, Metal builds on macOS, CPU builds elsewhere."""
    return "metal" if platform == "darwin" else "cuda" if nvidia else "cpu"


def has_nvidia() -> bool:
    """True if the NVIDIA driver lists a GPU."""
    if not shutil.which("nvidia-smi"):
        return False
    listing = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True)
    return listing.returncode == 0 and "GPU" in listing.stdout


def reachable(url: str) -> bool:
    """True if the index answers within REACH_TIMEOUT_S."""
    try:
        with urllib.request.urlopen(url, timeout=REACH_TIMEOUT_S):
            return True
    except OSError:
        return False
