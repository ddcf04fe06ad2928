"""llama.cpp needs a process alone: it and the voice detector bring different libraries of the same name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long


def test_llama_cases_hold_in_a_process_of_their_own() -> None:
    cases = Path(__file__).with_name("llama_cases.py")
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-m", "long", str(cases)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[3], capture_output=True, timeout=800, check=False
    )
    out = done.stdout.decode(errors="replace")
    print("\n".join(line for line in out.splitlines() if not line.startswith("decode:")))
    assert done.returncode == 0
    assert " passed" in out
