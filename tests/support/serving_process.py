"""`companion-engine serve` in a process of its own, with scripted stages."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCRIPTED = {f"COMPANION_{stage}_BACKEND": "scripted" for stage in ("VAD", "ASR", "LLM", "TTS", "EMBEDDING")}
QUIET = {"COMPANION_GENERAL_LANGUAGE": "en"}


@dataclass
class Serving:
    """The running process."""

    process: subprocess.Popen[str]
    port: int
    token: str

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    def resident_mb(self) -> float:
        """Resident memory of the process, in MB (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@contextmanager
def serving(folder: Path, *, prefix: tuple[str, ...] = (), **environment: str) -> Iterator[Serving]:
    """A host over `folder`, as the app starts it: it ends with its stdin. `prefix` precedes the command."""
    token = secrets.token_urlsafe(32)
    env = {**os.environ, **SCRIPTED, **QUIET, "COMPANION_DATA_DIR": str(folder), **environment}
    command = [*prefix, sys.executable, "-P", "-m", "engine.cli", "serve", "--child"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(token + "\n")
        process.stdin.flush()
        try:
            yield Serving(process, json.loads(process.stdout.readline())["port"], token)
        finally:
            process.stdin.close()
            process.wait(timeout=30)
