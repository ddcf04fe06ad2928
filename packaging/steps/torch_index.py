"""Where PyTorch comes from."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Callable

REACH_TIMEOUT_S = 3


def torch_index(root: Path) -> str | None:
    """The index to take PyTorch from on this machine, or None for the default registry."""
    import tomllib  # not in Python 3.9, which must be able to read this file

    indexes = tomllib.loads((root / "packaging" / "indexes.toml").read_text(encoding="utf-8"))["torch"]
    return choose_torch_index(indexes, sys.platform, has_nvidia(), reachable)


def choose_torch_index(
    indexes: dict[str, str], platform: str, nvidia: bool, reachable: Callable[[str], bool]
) -> str | None:
    """CUDA builds where there is an NVIDIA GPU, CPU builds elsewhere; None (default registry) if the index
    does not answer, and on macOS, whose only build is the registry's."""
    if platform == "darwin":
        return None
    index = indexes["cuda" if nvidia else "cpu"]
    return index if reachable(index) else None


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
