"""Makes the tiny models that are not there yet: `python -m tests.checkpoints`."""

from __future__ import annotations

from tests.checkpoints import tiny_qwen

if __name__ == "__main__":
    for architecture in ("qwen2", "qwen3"):
        print(tiny_qwen(architecture))
