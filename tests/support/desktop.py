"""A desktop of the tests' own: a display in memory, a window manager and, if wanted, a compositor.

It is not the display the other tests draw on: that may be the one a developer is working at, where nobody
wants windows to be dragged about by a program.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PROGRAMS = ("Xvfb", "openbox", "picom", "xdotool")
WIDTH, HEIGHT = 1000, 800
_PATIENCE_S = 20.0


def missing() -> list[str]:
    """Which of the programs this needs are not installed."""
    return [program for program in PROGRAMS if not shutil.which(program)]


def until(condition: Callable[[], bool], what: str) -> None:
    """Waits for something another process does; fails the test when it takes too long."""
    give_up = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)


class Desktop:
    """Keeps what it needs in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        away = ("WAYLAND_DISPLAY", "XAUTHORITY", "QT_SCALE_FACTOR")
        self.env = {name: value for name, value in os.environ.items() if name not in away}
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            self.env[name] = str(folder)
        self.env |= {"QT_QPA_PLATFORM": "xcb", "LIBGL_ALWAYS_SOFTWARE": "1"}
        self._running: list[subprocess.Popen[bytes]] = []
        try:
            self._show()
            self._start("openbox", "--sm-disable")
            until(self._managed, "the window manager")
        except BaseException:
            self.close()
            raise

    def compose(self) -> subprocess.Popen[bytes]:
        """Starts the compositor."""
        return self._start("picom", "--backend", "xrender", "--config", os.devnull)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Ends a program that was started here."""
        self._running.remove(process)
        process.terminate()
        process.wait(_PATIENCE_S)

    def close(self) -> None:
        """Ends all of them, the display last."""
        for process in reversed(self._running):
            process.terminate()
            process.wait(_PATIENCE_S)
        self._running.clear()

    def do(self, *command: str) -> str:
        """Moves the mouse and so on: one command line of xdotool."""
        return subprocess.run(
            ["xdotool", *command],
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
        ).stdout

    def click(self, x: float, y: float, button: int = 1) -> None:
        self.do("mousemove", str(round(x)), str(round(y)), "click", str(button))

    def screen(self) -> NDArray[np.uint8]:
        """What is seen: (height, width, 3) of red, green, blue, read from the display's own memory."""
        dump = (self._folder / "Xvfb_screen0").read_bytes()
        head = struct.unpack(">25I", dump[:100])  # an XWD file: X11/XWDFile.h
        start, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
        rows = np.frombuffer(dump, np.uint8, height * line, start + 12 * colours).reshape(height, line)
        return rows[:, : 4 * width].reshape(height, width, 4)[..., 2::-1].copy()

    def _show(self) -> None:
        """Starts the display; it says itself which number it took."""
        reading, writing = os.pipe()
        self._start(
            *("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"),
            *("-fbdir", str(self._folder), "-nolisten", "tcp", "-noreset"),
            pass_fds=(writing,),
        )
        os.close(writing)
        with os.fdopen(reading) as number:
            self.env["DISPLAY"] = f":{number.readline().strip()}"

    def _managed(self) -> bool:
        """Whether a window manager answers."""
        asked = subprocess.run(
            ["xdotool", "get_num_desktops"], env=self.env, capture_output=True, check=False
        )
        return asked.returncode == 0

    def _start(self, *command: str, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            env=self.env,
            pass_fds=pass_fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append(process)
        return process
