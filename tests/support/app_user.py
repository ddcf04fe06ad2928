"""Somebody at a desktop in front of the app: holds its key, speaks, listens, and reads what it shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from tests.support.desktop import Desktop, until
from tests.support.sound_server import RATE, SoundServer
from tests.support.speech import RATE as SPOKEN_RATE
from tests.support.speech import spoken

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "tests.support.app_program")
_PATIENCE_S = 30.0


class AppUser:
    """The running app, over the data folder `folder`/data."""

    def __init__(
        self,
        desktop: Desktop,
        sound: SoundServer,
        folder: Path,
        program: tuple[str, ...] = PROGRAM,
        **env: str,
    ) -> None:
        """`program`: the command line of another one, which tells nothing but what can be seen and heard."""
        self.desktop = desktop
        self.sound = sound
        self.data = folder / "data"
        self.started_at = time.monotonic()
        self.said: list[dict[str, Any]] = []
        folder.mkdir(exist_ok=True)
        self._complaints = folder / "stderr.txt"
        with self._complaints.open("wb") as stderr:
            self.process = subprocess.Popen(
                program,
                cwd=ROOT if program == PROGRAM else folder,
                env=app_env(desktop, sound, folder) | env,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    # ------------------------------------------------------------ what is done

    def speak(self, text: str) -> None:
        """Holds the key to talk, and says it."""
        with self.holding():
            self.sound.say(microphone_pcm(text))

    @contextmanager
    def holding(self) -> Iterator[None]:
        """The key to talk is held, and the microphone open."""
        self.desktop.do("keydown", "F8")
        try:
            until(lambda: self.sound.listeners() > 0, "the microphone to be opened")
            yield
        finally:
            self.desktop.do("keyup", "F8")

    # ------------------------------------------------------------ what is seen

    def ready(self) -> None:
        """Waits until she is seen, and her engine is there."""
        self.until(lambda: bool(self.of("frame")) and self.link() == "ready", "her and her engine")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """As `until`, but not once the app has ended."""

        def ended_or_so() -> bool:
            assert self.process.poll() is None, f"the app has ended ({self.process.poll()}); wanted: {what}"
            return bool(condition())

        until(ended_or_so, what)

    def of(self, what: str, since: int = 0) -> list[dict[str, Any]]:
        """All that was told with this key, since the line of that number."""
        return [line for line in self.said[since:] if what in line]

    def events(self, name: str, since: int = 0) -> list[dict[str, Any]]:
        return [line for line in self.of("event", since) if line["event"] == name]

    def link(self) -> str:
        told = self.of("link")
        return told[-1]["link"] if told else ""

    def bubbles(self, since: int = 0) -> str:
        """All that stood in the bubble, one after the other."""
        return "\n".join(line["bubble"] for line in self.of("bubble", since))

    def values(
        self, parameter: str, start: float, end: float
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The times of the pictures between `start` and `end`, and a parameter of her body in them."""
        frames = [frame for frame in self.of("frame") if start <= frame["at"] <= end]
        values = [frame["frame"][parameter] for frame in frames]
        return np.array([frame["at"] for frame in frames]), np.array(values)

    def close(self) -> None:
        """Ends it as the system does, and sees that it ends well."""
        try:
            if self.process.poll() is None:
                self.process.terminate()
            assert self.process.wait(_PATIENCE_S) == 0
            complaints = self._complaints.read_text().splitlines()
            assert [line for line in complaints if not line.startswith("Live2D Cubism SDK Core")] == []
        finally:
            self.process.kill()
            self.process.wait()
            self._listener.join(_PATIENCE_S)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("{"):  # a bundle tells what its libraries tell
                self.said.append(json.loads(line))


def app_env(desktop: Desktop, sound: SoundServer, folder: Path) -> dict[str, str]:
    """The environment of an app on this desktop; `HOME` is an empty folder of its own."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {
        **desktop.env,
        **sound.env,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "COMPANION_DATA_DIR": str(folder / "data"),
        "COMPANION_CONFIG": str(folder / "config.toml"),
        "COMPANION_GENERAL_LANGUAGE": "en",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "PYTHONWARNINGS": os.environ.get("PYTHONWARNINGS", ""),
    }


def microphone_pcm(text: str) -> bytes:
    """`text` as flite says it, for the virtual microphone."""
    samples = np.frombuffer(spoken(text), "<i2")
    return soxr.resample(samples, SPOKEN_RATE, RATE).astype("<i2").tobytes()
