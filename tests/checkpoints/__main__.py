"""Makes the tiny models that are not there yet: `python -m tests.checkpoints`."""

from __future__ import annotations

from tests.checkpoints import tiny_qwen, tiny_sensevoice

if __name__ == "__main__":
    for folder in (tiny_qwen("qwen2"), tiny_qwen("qwen3"), tiny_sensevoice()):
        print(folder)
