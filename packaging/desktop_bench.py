"""Measures the desktop app as its user meets it: start, memory, pictures while she speaks.

    .venv/bin/python packaging/desktop_bench.py [--runs N]

On Linux, on a display and with a sound server of its own; what it prints goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.app_user import AppUser
from tests.support.desktop import Desktop, missing
from tests.support.processes import descendants
from tests.support.sound_server import SoundServer

SENTENCE = "my name is Alice and I live in Paris"


def main() -> int | str:
    """Returns the exit status, or what is missing."""
    parser = argparse.ArgumentParser(description="Measures the desktop app.")
    parser.add_argument("--runs", type=int, default=5, help="starts that are measured, after one to warm up")
    runs = parser.parse_args().runs
    if programs := missing():
        return f"not installed: {', '.join(programs)}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "desktop").mkdir()
        sound = SoundServer(folder / "sound")
        sound.start()
        try:
            with closing(Desktop(folder / "desktop")) as desktop:
                desktop.compose()
                figures = [measure(desktop, sound, folder / "user") for _ in range(runs + 1)][1:]
        finally:
            sound.stop()
    for what, values in zip(FIGURES, zip(*figures, strict=True), strict=True):
        print(f"{what:44} median {np.median(values):7.2f}   worst {worst(what)(values):7.2f}")
    return 0


FIGURES = (
    "first picture after the start, s",
    "engine ready after the start, s",
    "app, engine and workers, MB (PSS)",
    "pictures a second while she speaks",
    "gap between two pictures there, p99, ms",
)


def worst(what: str) -> Callable[[tuple[float, ...]], float]:
    return min if "a second" in what else max


def measure(desktop: Desktop, sound: SoundServer, folder: Path) -> tuple[float, ...]:
    """One start and one turn; a number for each of FIGURES."""
    with closing(AppUser(desktop, sound, folder)) as user:
        user.ready()
        first = user.of("frame")[0]["at"] - user.started_at
        ready = next(line["at"] for line in user.of("link") if line["link"] == "ready") - user.started_at
        time.sleep(2)
        user.speak(SENTENCE)
        user.until(lambda: user.of("activity")[-1]["activity"] == "speaking", "her answer")
        begun = time.monotonic()
        memory = sum(pss_mb(pid) for pid in (user.process.pid, *descendants(user.process.pid)))
        user.until(lambda: user.of("activity")[-1]["activity"] == "idle", "the end of her answer")
        times, _ = user.values("ParamMouthOpenY", begun, time.monotonic())
    gaps = np.diff(times)
    return first, ready, memory, 1 / float(gaps.mean()), 1000 * float(np.percentile(gaps, 99))


def pss_mb(pid: int) -> float:
    """Memory of a process; what it shares with others is divided among them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
