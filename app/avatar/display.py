"""Whether this machine can show the avatar.

Qt ends the process when it finds no display or lacks a library for it. So the question is put to a child
process, which is this module run as a program: it makes an OpenGL context and exits with 0.
"""

from __future__ import annotations

import subprocess
import sys

from engine.program import NO_WINDOW, command_of

_SLOWEST_S = 30.0


class Display:
    """Begins to find out when it is made; the program may do other things meanwhile."""

    def __init__(self) -> None:
        quiet = subprocess.DEVNULL
        try:
            self._child = subprocess.Popen(
                command_of(__name__), stdin=quiet, stdout=quiet, stderr=quiet, creationflags=NO_WINDOW
            )
        except OSError:
            self._child = None

    def why_not(self) -> str | None:
        """None if OpenGL can be drawn with here, else one sentence saying what to do."""
        if self._child and self._draws(self._child):
            return None
        return (
            "The avatar cannot be drawn: there is no display with OpenGL here. "
            "Start this on a desktop, or on Linux under `xvfb-run -a`."
        )

    def _draws(self, child: subprocess.Popen[bytes]) -> bool:
        try:
            return child.wait(_SLOWEST_S) == 0
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return False


def why_not() -> str | None:
    """As Display.why_not, at once."""
    return Display().why_not()


def _draws() -> bool:
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext, QSurfaceFormat

    application = QGuiApplication([])
    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    desktop = QSurfaceFormat.RenderableType.OpenGL
    drawing = (
        context.create() and context.makeCurrent(surface) and context.format().renderableType() == desktop
    )
    context.doneCurrent()
    del context, surface, application  # in this order
    return drawing


if __name__ == "__main__":
    sys.exit(0 if _draws() else 1)
