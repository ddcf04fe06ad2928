"""The avatar as a widget.

Theory of operation. Every frame has two halves. `advance(dt)` asks `step` for the values of the parameters;
it runs on the widget's own timer, or is called by whoever owns the clock (a test, the contact sheet).
Painting happens whenever Qt likes, also twice or not at all between two frames: it draws the last values, and
the physics moves on by the time that has passed since it was last painted.

The model lives in the widget's OpenGL context. Qt may throw that away (the widget moves to another window)
and make another: the model goes with the first, while it is current, and is loaded anew in the second.
"""

from __future__ import annotations

import ctypes
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QWidget

from app.avatar.actor import Area
from app.avatar.live2d_setup import live2d
from app.avatar.live_model import LiveModel
from app.avatar.pacing import frames_per_second, step_seconds
from engine.errors import EnvironmentFault

log = logging.getLogger(__name__)

Step = Callable[[float], Mapping[str, float]]
"""Moves the acting on by that many seconds; gives the value of every parameter."""

_GL_RGBA = 0x1908
_GL_UNSIGNED_BYTE = 0x1401
_READ_PIXELS = ctypes.CFUNCTYPE(None, *[ctypes.c_int] * 4, *[ctypes.c_uint] * 2, ctypes.c_void_p)


class AvatarView(QOpenGLWidget):
    """Draws one model, `fps` times a second while it can be seen (fewer when nothing happens for long).

    `live2d_setup.prepare()` must have been called before the QApplication was made. Coordinates are those of
    the widget, in logical pixels from the top left.
    """

    def __init__(self, path: Path, step: Step, fps: int = 30, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._step = step
        self._fps = fps
        self._model: LiveModel | None = None
        self._values: Mapping[str, float] = {}
        self._unpainted_s = 0.0
        self._posed = False
        self._woken = self._stepped = time.monotonic()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_time)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.dispose)

    # ---------------------------------------------------------------- for the owner

    def show_model(self, path: Path, step: Step) -> None:
        """Shows another model. Raises EnvironmentFault if it cannot be loaded; the old one stays then."""
        if self._model is not None:
            with self._current():
                self._model = self._loaded(path)
        self._path, self._step = path, step
        self.advance(0.0)

    def set_fps(self, fps: int) -> None:
        """Another number of pictures a second."""
        self._fps = fps
        self._keep_pace()

    def wake(self) -> None:
        """Something happens (a touch, a word, a glance): full frame rate for the next while."""
        self._woken = time.monotonic()
        self._keep_pace()

    def advance(self, dt: float) -> None:
        """Moves the acting on by `dt` seconds and asks for a repaint."""
        self._values = self._step(dt)
        self._unpainted_s += dt
        self._posed = False
        self.update()

    def alpha_at(self, x: float, y: float) -> float:
        """How opaque the picture is at a point, 0..1; 0 outside the widget and before the first frame."""
        if self._model is None or not self.rect().contains(int(x), int(y)):
            return 0.0
        scale = self.devicePixelRatioF()
        pixel = (ctypes.c_ubyte * 4)()
        with self._current():
            row = round(self.height() * scale) - 1 - int(y * scale)  # OpenGL counts from the bottom
            # PySide's own glReadPixels takes no pointer.
            read = _READ_PIXELS(self.context().getProcAddress(b"glReadPixels"))
            read(int(x * scale), row, 1, 1, _GL_RGBA, _GL_UNSIGNED_BYTE, pixel)
        return pixel[3] / 255

    def area_at(self, x: float, y: float) -> Area | None:
        """What a touch at a point touches; None outside the model's hit areas."""
        return self._model.area_at(x, y) if self._model else None

    def dispose(self) -> None:
        """Frees the model; the widget draws nothing afterwards. Called when the application quits; who
        destroys the widget earlier calls it first."""
        self._timer.stop()
        self._lose_model()

    # ---------------------------------------------------------------- called by Qt

    def initializeGL(self) -> None:
        self.context().aboutToBeDestroyed.connect(self._lose_model)
        live2d.glInit()
        try:
            self._model = self._loaded(self._path)
        except EnvironmentFault as fault:  # it was there when the widget was made
            log.error("%s", fault.message)

    def resizeGL(self, width: int, height: int) -> None:
        if self._model:
            self._model.resize(width, height)

    def paintGL(self) -> None:
        live2d.clearBuffer(0.0, 0.0, 0.0, 0.0)
        if self._model:
            if not self._posed:  # physics given no time would let all hair hang straight for this frame
                self._model.pose(self._values, self._unpainted_s)
                self._unpainted_s = 0.0
                self._posed = True
            self._model.draw()

    def showEvent(self, event: QShowEvent) -> None:
        self._stepped = time.monotonic()
        self._keep_pace()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._keep_pace()
        super().hideEvent(event)

    # ---------------------------------------------------------------- inner workings

    def _on_time(self) -> None:
        now = time.monotonic()
        self.advance(step_seconds(self._stepped, now))
        self._stepped = now
        self._keep_pace()

    def _keep_pace(self) -> None:
        rate = frames_per_second(self._fps, self.isVisible(), time.monotonic() - self._woken)
        if rate == 0:
            self._timer.stop()
        elif not self._timer.isActive() or self._timer.interval() != 1000 // rate:
            self._timer.start(1000 // rate)

    def _loaded(self, path: Path) -> LiveModel:
        model = LiveModel(path)
        model.resize(self.width(), self.height())  # Qt does so only once the widget is shown
        self._posed = False
        return model

    def _lose_model(self) -> None:
        if self._model:
            with self._current():
                self._model = None

    @contextmanager
    def _current(self) -> Iterator[None]:
        self.makeCurrent()
        try:
            yield
        finally:
            self.doneCurrent()
