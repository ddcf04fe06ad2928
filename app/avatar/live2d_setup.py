"""live2d-py, imported and set up in the only order in which it works.

Theory of operation. The library keeps state for the whole process, so this is the one module of the avatar
that does. Everything that uses live2d takes it from here, because

- it must be imported before the first OpenGL context of the process: Mesa brings the system's libstdc++
  with it, and the library, imported after that, aborts while it loads a model;
- its shaders belong to the first context it drew in: unless all contexts share (an attribute of Qt that
  counts only before the QApplication) a second widget, or one moved to another window, stays empty;
- in a core profile, or in OpenGL ES, it loads and draws nothing;
- it greets on standard output, where commands print their results, when imported and at every loading.

The rest of the order (a context, `glInit`, a model; the model gone before its context) is the renderer's.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import sys
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QSurfaceFormat

with contextlib.redirect_stdout(None):
    import live2d

__all__ = ["live2d", "prepare", "start", "stdout_to_stderr"]


def prepare() -> None:
    """Tells Qt what live2d needs; to be called before the QApplication is made.

    Raises RuntimeError if that is too late.
    """
    if QCoreApplication.instance() is not None:
        raise RuntimeError("live2d_setup.prepare() must be called before the QApplication is made")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    surface = QSurfaceFormat()
    surface.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
    surface.setAlphaBufferSize(8)
    QSurfaceFormat.setDefaultFormat(surface)


@functools.cache
def start() -> None:
    """Starts the library, once in a process; without it every other call of it is a crash."""
    live2d.enableLog(False)
    live2d.init()
    atexit.register(live2d.dispose)


@contextlib.contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Meanwhile, what C code writes to standard output goes to standard error."""
    with contextlib.ExitStack() as undo:
        with contextlib.suppress(OSError):  # a program without a console has none of the two
            saved = os.dup(1)
            undo.callback(os.close, saved)
            if sys.stdout:
                sys.stdout.flush()
            os.dup2(2, 1)
            undo.callback(os.dup2, saved, 1)
        yield
