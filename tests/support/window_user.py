"""The other end of `window_program`: starts it on a desktop and hears what it says."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from app.avatar.rect import Rect
from tests.support.desktop import Desktop, until

ROOT = Path(__file__).parents[2]
_PATIENCE_S = 20.0


class WindowUser:
    """Somebody at `desktop`, in front of the avatar's window; `scale` is device pixels per logical one. What
    the window says is in logical pixels, all else in device pixels."""

    def __init__(self, desktop: Desktop, model: Path, places: Path, scale: int = 1) -> None:
        self.desktop = desktop
        self._scale = scale
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.support.window_program", model, places],
            cwd=ROOT,
            env={**desktop.env, "QT_SCALE_FACTOR": str(scale)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: list[dict[str, Any]] = []
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        try:
            self.wait("ready")
        except BaseException:
            self.close()
            raise

    @property
    def window(self) -> Rect:
        """Where the window says it is."""
        return Rect(*(self._scale * number for number in self.heard("at")[-1]))

    @property
    def head(self) -> tuple[int, int]:
        """A point on her forehead."""
        return self.window.left + self.window.width // 2, self.window.top + self.window.height // 4

    @property
    def corner(self) -> tuple[int, int]:
        """A point of the window where nothing is drawn."""
        return self.window.left + 5, self.window.top + 5

    def wait(self, what: str) -> Any:
        """The next thing of that kind the program says, or said since the last `forget`."""
        until(lambda: bool(self.heard(what)), f"`{what}` from the window")
        return self.heard(what)[0]

    def heard(self, what: str) -> list[Any]:
        return [said[what] for said in self._said if what in said]

    def forget(self) -> None:
        """Forgets all but the place."""
        self._said = [{"at": self.heard("at")[-1]}]

    def close(self) -> None:
        assert self._program.stdin is not None
        self._program.stdin.close()
        try:
            assert self._program.wait(_PATIENCE_S) == 0
        finally:
            self._program.kill()
            self._program.wait()
            self._listener.join(_PATIENCE_S)
            assert self._program.stdout is not None
            self._program.stdout.close()

    def _listen(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self._said.append(json.loads(line))
