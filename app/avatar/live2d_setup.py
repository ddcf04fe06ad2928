"""live2d-py, imported and set up in the only order in which it works.

Theory of operation. The library keeps state for the whole process, so this is the one module of the avatar
that does. Everything that uses live2d takes it from here, because

- it must be imported before the first OpenGL context of the process: Mesa brings the system's libstdc++
  with it, and the library, imported after that, aborts while it loads a model;
- its shaders belong to the first context it drew in: unless all contexts share (an attribute of Qt that
  counts only before the QApplication) a second widget, or one moved to another window, stays empty;
- in a core profile, or in OpenGL ES, it loads and draws nothing;
- at its first loading it compiles some 200 shaders for the blend modes of Cubism 5.3, which few models use;
  on a driver that draws by CPU they are 170 MB and half of the time (`without_blend_modes`);
- it greets on standard output, where commands print their results, when imported and at every loading.

The rest of the order (a context, `glInit`, a model; the model gone before its context) is the renderer's.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QSurfaceFormat

with contextlib.redirect_stdout(None):
    import live2d

__all__ = [
    "has_blend_modes",
    "live2d",
    "prepare",
    "start",
    "stdout_to_stderr",
    "without_blend_modes",
]

_PACKAGE = Path(live2d.__file__).parent
_SHADERS = "FrameworkShaders"
_home = _PACKAGE
"""The folder that has the folder of shaders which `start` uses."""


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


def without_blend_modes() -> None:
    """For models that need no blend modes of Cubism 5.3; to be called before the first model is loaded.
    Meshes of other models that use them stay invisible in this process (`has_blend_modes`)."""
    global _home
    _home = Path(tempfile.mkdtemp(prefix="avatar-shaders-"))
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
    shutil.copytree(_PACKAGE / _SHADERS, _home / _SHADERS)
    for shader in (_home / _SHADERS).glob("FragShaderSrc*Blend.frag"):
        # Two of them hold functions that the others call.
        helper = shader.name in ("FragShaderSrcColorBlend.frag", "FragShaderSrcAlphaBlend.frag")
        shader.write_text("\n" if helper else "void main() { gl_FragColor = vec4(0.0); }\n", encoding="utf-8")


def has_blend_modes() -> bool:
    """Whether this process can draw models that need them."""
    return _home == _PACKAGE


@functools.cache
def start() -> None:
    """Starts the library, once in a process; without it every other call of it is a crash."""
    live2d.enableLog(False)
    live2d.init_internal(str(_home))  # type: ignore[attr-defined]
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
