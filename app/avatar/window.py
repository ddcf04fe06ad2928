"""The avatar on the desktop.

Theory of operation. The window is a rectangle, frameless, above all others and transparent where nothing is
drawn; nobody is to notice the rectangle. A few times a second the outline of the picture is taken. What is
inside takes clicks, everything else goes to the windows below (`click_through`). Where the desktop does not
blend windows, which may change at any time, the rectangle would be black: the window is then cut out along
the outline. More often than that the pointer is asked for: she looks at it while it is near.

Sizes and places are in logical pixels, outlines in those of the device, as the system wants them.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QCursor,
    QGuiApplication,
    QHideEvent,
    QImage,
    QMouseEvent,
    QMoveEvent,
    QRegion,
    QResizeEvent,
    QScreen,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.avatar.click_through import click_through
from app.avatar.gaze import Point
from app.avatar.glance import glance
from app.avatar.outline import outline
from app.avatar.placement import Screen, home, moved, zoomed
from app.avatar.places_file import PlacesFile
from app.avatar.rect import Rect
from app.avatar.renderer import AvatarView, Step

_OUTLINE_MS = 200
_POINTER_MS = 50
_ARRIVING_MS, _AGAIN_MS = 2000, 50
"""While an X11 window manager takes a new window over, Qt can be told a wrong place and then no other: for so
long after she appears, what is told is not believed, and she is put where she belongs once more."""
_CELL_PX = 4
_REACH = 1.5
"""How far she looks, in heights of the window."""
_FACE: Point = (0.5, 0.25)
"""Where a face is in a window if the model does not say; parts of its width and height."""
_PROBES = 16
"""How many points along each side are tried to find the head."""
_NOTCH = 120
"""What Qt's wheel events call one notch."""


class AvatarWindow(QWidget):
    """Holds the view, which it takes over, at the place that `places` remembers."""

    touched = Signal(str)
    """The area (`app.avatar.actor.Area`) that was clicked."""
    looked_at = Signal(object)
    """The pointer near her, -1..1 from her face, as `Actor.look_at` wants it; None when it goes away."""
    menu_asked = Signal(QPoint)
    """A right click, in the coordinates of the screen."""
    placed = Signal(QRect)
    """She stands here, in the coordinates of the screen."""
    held = Signal(bool)
    """The middle button went down on her, or up again: it is held to talk."""

    def __init__(self, view: AvatarView, places: PlacesFile) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.Tool
        super().__init__(None, flags | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self._view = view
        self._places = places
        self._system = click_through(QGuiApplication.platformName())
        self._face: Point | None = None
        self._seen: Point | None = None
        self._told = self._home = QRect()
        self._pressed: QPoint | None = None
        self._dragged = self._held = False
        self._outline_timer = QTimer(self, interval=_OUTLINE_MS)
        self._outline_timer.timeout.connect(self._take_outline)
        self._arriving = QTimer(self, interval=_ARRIVING_MS, singleShot=True)
        self._pointer_timer = QTimer(self, interval=_POINTER_MS)
        self._pointer_timer.timeout.connect(self._ask_pointer)
        self._follow_screens()

    def show_model(self, path: Path, step: Step) -> None:
        """Shows another model. Raises EnvironmentFault if it cannot be loaded; the old one stays then."""
        self._view.show_model(path, step)
        self._face = None

    def dispose(self) -> None:
        """Frees the model and lets go of the system; to be called before the window is destroyed."""
        self.hide()
        self._view.dispose()
        self._system.close()

    # ---------------------------------------------------------------- place and size

    def _follow_screens(self) -> None:
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._follow)
        application.screenRemoved.connect(self._go_home)
        for screen in QGuiApplication.screens():
            screen.availableGeometryChanged.connect(self._go_home)
        self._go_home()

    def _follow(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._go_home)
        self._go_home()

    def _go_home(self) -> None:
        """To where she belongs, on the screens there are now."""
        if screens := _screens():
            self._home = QRect(*home(self._places.memory, screens))
            self.setGeometry(self._home)

    def _put(self, window: Rect) -> None:
        """Where the user wants her, as far as she stays on the screen."""
        if screens := _screens():
            self._places.remember(moved(self._places.memory, window, screens))
        self._go_home()

    # ---------------------------------------------------------------- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._view.wake()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position().toPoint(), False
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._hold(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        way = event.position().toPoint() - self._pressed
        self._dragged = self._dragged or way.manhattanLength() >= QApplication.startDragDistance()
        if self._dragged:
            self.move(event.globalPosition().toPoint() - self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._hold(False)
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self._dragged:
            self._put(_rect(self.geometry()))
        elif area := self._view.area_at(event.position().x(), event.position().y()):
            self.touched.emit(area)

    def _hold(self, on: bool) -> None:
        if on != self._held:
            self._held = on
            self.held.emit(on)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.wake()
        self._put(zoomed(_rect(self.geometry()), event.angleDelta().y() / _NOTCH))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())

    # ---------------------------------------------------------------- outline and pointer

    def showEvent(self, event: QShowEvent) -> None:
        self._take_outline()  # before anybody sees the rectangle
        self._outline_timer.start()
        self._pointer_timer.start()
        self._arriving.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._outline_timer.stop()
        self._pointer_timer.stop()
        self._arriving.stop()
        self._pressed = None
        self._hold(False)
        super().hideEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        if self._arriving.isActive() and self._pressed is None and self.geometry() != self._home:
            QTimer.singleShot(_AGAIN_MS, self._go_home)
        self._tell_place()
        super().moveEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell_place()
        super().resizeEvent(event)

    def _tell_place(self) -> None:
        place = QRect(self.geometry())  # a copy: Qt gives a reference
        if place != self._told:
            self._told = place
            self.placed.emit(place)

    def _take_outline(self) -> None:
        scale = self.devicePixelRatioF()
        shape = outline(_alpha(self._view.grabFramebuffer()), round(_CELL_PX * scale))
        self._system.set_outline(int(self.winId()), shape)
        if self._system.blends():
            if not self.mask().isEmpty():
                self.clearMask()
        else:
            region = QRegion()
            for rectangle in shape:
                region += _logical(rectangle, scale)
            if region != self.mask():
                self.setMask(region)

    def _ask_pointer(self) -> None:
        scale, pointer = self.devicePixelRatioF(), self.mapFromGlobal(QCursor.pos())
        self._system.set_pointer(pointer.x() * scale, pointer.y() * scale)
        if self._face is None:
            self._face = self._find_face()
        face = self._face[0] * self.width(), self._face[1] * self.height()
        seen = glance((pointer.x(), pointer.y()), face, _REACH * self.height())
        if seen != self._seen:
            self._seen = seen
            self.looked_at.emit(seen)

    def _find_face(self) -> Point:
        """The middle of the area called head; the window's shape is fixed, so it stays there at any size."""
        steps = (np.arange(_PROBES) + 0.5) / _PROBES
        head = [
            (x, y)
            for x in steps
            for y in steps
            if self._view.area_at(x * self.width(), y * self.height()) == "head"
        ]
        x, y = np.mean(head, axis=0) if head else _FACE
        return float(x), float(y)


def _screens() -> list[Screen]:
    """The main one first; none at all while the only one is being replaced."""
    main = QGuiApplication.primaryScreen()
    screens = sorted(QGuiApplication.screens(), key=lambda screen: screen is not main)
    return [Screen(screen.name(), _rect(screen.availableGeometry())) for screen in screens]


def _rect(rectangle: QRect) -> Rect:
    return Rect(rectangle.x(), rectangle.y(), rectangle.width(), rectangle.height())


def _alpha(image: QImage) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    image = image.convertToFormat(QImage.Format.Format_Alpha8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width()].copy()


def _logical(rectangle: Rect, scale: float) -> QRect:
    """A rectangle of device pixels in logical ones, rounded outwards."""
    left, top = math.floor(rectangle.left / scale), math.floor(rectangle.top / scale)
    right, bottom = math.ceil(rectangle.right / scale), math.ceil(rectangle.bottom / scale)
    return QRect(left, top, right - left, bottom - top)
