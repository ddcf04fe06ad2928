"""Curves, brushes and inks of the drawings. All lengths are canvas pixels, y down.

A curve is given by the few points it runs through; a point with a third element is a sharp corner. Shapes are
filled first, shaded inside, and inked last with a line that is thicker where the light does not reach.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QRadialGradient,
)

Line = NDArray[np.float64]
"""A polyline, (n, 2)."""
Points = Sequence[Sequence[float]] | Line
Stops = Sequence[tuple[float, QColor]]

STEPS = 10
"""Samples between two points of a curve."""
LIGHT = np.array([-0.42, -0.91])
"""Where the light comes from, as a unit vector: above, a little from the left."""


def colour(code: str, alpha: float = 1.0) -> QColor:
    """The colour `#rrggbb` with an opacity of 0..1."""
    value = QColor(code)
    value.setAlphaF(alpha)
    return value


def flip(points: Points, axis: float = 500.0) -> list[tuple[float, ...]]:
    """The points seen in a mirror that stands at x = `axis`."""
    return [(2 * axis - point[0], *point[1:]) for point in points]


def curve(points: Points, closed: bool = False) -> Line:
    """A smooth line through the points (Catmull-Rom, straight into sharp corners)."""
    places = np.array([point[:2] for point in points], float)
    sharp = [len(point) > 2 for point in points]
    count = len(places)
    last = count if closed else count - 1

    def tangent(index: int, towards: int) -> Line:
        at_end = not closed and index in (0, count - 1)
        if sharp[index % count] or at_end:
            step = places[(index + towards) % count] - places[index % count]
            return step * towards
        return (places[(index + 1) % count] - places[index - 1]) / 2

    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    pieces = []
    for index in range(last):
        start, end = places[index], places[(index + 1) % count]
        leave, arrive = tangent(index, 1), tangent((index + 1) % count, -1)
        pieces.append(
            (2 * t**3 - 3 * t**2 + 1) * start
            + (t**3 - 2 * t**2 + t) * leave
            + (-2 * t**3 + 3 * t**2) * end
            + (t**3 - t**2) * arrive
        )
    if not closed:
        pieces.append(places[-1:])
    return np.concatenate(pieces)


def path(line: Line) -> QPainterPath:
    """The closed shape inside a line."""
    shape = QPainterPath()
    shape.setFillRule(Qt.FillRule.WindingFill)
    shape.addPolygon(QPolygonF([QPointF(x, y) for x, y in line]))
    shape.closeSubpath()
    return shape


def normals(line: Line) -> Line:
    """Unit vectors across the line, to the right of its direction on screen."""
    along = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    return np.stack([-along[:, 1], along[:, 0]], 1) / length[:, None]


def progress(line: Line) -> NDArray[np.float64]:
    """How far along the line each of its points lies, 0..1."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)]) / max(steps.sum(), 1e-9)


def ribbon(line: Line, widths: NDArray[np.float64]) -> Line:
    """The outline of a band of these widths around the line."""
    side = normals(line) * widths[:, None] / 2
    return np.concatenate([line + side, (line - side)[::-1]])


def linear(start: tuple[float, float], end: tuple[float, float], *stops: tuple[float, QColor]) -> QBrush:
    """A gradient from point to point."""
    gradient = QLinearGradient(QPointF(*start), QPointF(*end))
    for place, value in stops:
        gradient.setColorAt(place, value)
    return QBrush(gradient)


def radial(centre: tuple[float, float], radius: float, *stops: tuple[float, QColor]) -> QBrush:
    """A gradient outwards from a point."""
    gradient = QRadialGradient(QPointF(*centre), radius)
    for place, value in stops:
        gradient.setColorAt(place, value)
    return QBrush(gradient)


def fill(painter: QPainter, line: Line, brush: QBrush | QColor) -> None:
    """Fills the shape inside the line."""
    painter.fillPath(path(line), brush if isinstance(brush, QBrush) else QBrush(brush))


def ellipse(
    painter: QPainter, centre: tuple[float, float], rx: float, ry: float, brush: QBrush | QColor
) -> None:
    """Fills an ellipse."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawEllipse(QPointF(*centre), rx, ry)


def ink(
    painter: QPainter,
    line: Line,
    width: float,
    value: QColor | QBrush,
    ends: tuple[float, float] = (0.35, 0.35),
) -> None:
    """A stroke that swells to `width` and thins out over the given shares of its length at both ends."""
    s = progress(line)
    first, last = (max(end, 1e-6) for end in ends)
    press = np.minimum(np.clip(s / first, 0, 1), np.clip((1 - s) / last, 0, 1))
    fill(painter, ribbon(line, width * np.sin(press * np.pi / 2) ** 0.8), value)


def contour(painter: QPainter, line: Line, width: float, value: QColor, closed: bool = True) -> None:
    """Inks the edge of a shape; thin towards the light, thick away from it."""
    if closed:
        line = np.concatenate([line, line[:1]])
    across = normals(line)
    area = np.sum(line[:-1, 0] * line[1:, 1] - line[1:, 0] * line[:-1, 1])
    outward = -across if area > 0 else across
    widths = width * (0.72 + 0.38 * np.clip(-outward @ LIGHT, -0.6, 1.0))
    if not closed:
        s = progress(line)
        widths *= np.clip(np.minimum(s, 1 - s) / 0.07, 0.1, 1)
    for start, end, w in zip(line[:-1], line[1:], widths[:-1], strict=True):
        painter.setPen(QPen(value, float(w), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(*start), QPointF(*end))


class inside:
    """`with inside(painter, line):` paints only within the shape of the line."""

    def __init__(self, painter: QPainter, line: Line) -> None:
        self._painter, self._shape = painter, path(line)

    def __enter__(self) -> None:
        self._painter.save()
        self._painter.setClipPath(self._shape, Qt.ClipOperation.IntersectClip)

    def __exit__(self, *_: object) -> None:
        self._painter.restore()


def soft(painter: QPainter, radius: float, paint: Callable[[QPainter], None]) -> None:
    """Paints something blurred by `radius` canvas pixels, within the clip of the painter."""
    device = painter.device()
    assert isinstance(device, QImage)
    image = QImage(device.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    with_blur = QPainter(image)
    with_blur.setRenderHint(QPainter.RenderHint.Antialiasing)
    with_blur.setTransform(painter.transform())
    paint(with_blur)
    with_blur.end()
    pixels: NDArray[np.floating] = pixels_of(image).astype(np.float32)
    size = max(1, round(radius * painter.transform().m11() / 2))
    for _ in range(3):
        pixels = _box(_box(pixels, size, 0), size, 1)
    blurred = image_of(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))
    painter.save()
    painter.resetTransform()
    painter.drawImage(0, 0, blurred)
    painter.restore()


def _box(pixels: NDArray[np.floating], size: int, axis: int) -> NDArray[np.floating]:
    """The mean of 2 size + 1 neighbours along an axis; nothing beyond the edge."""
    pads = [(0, 0)] * 3
    pads[axis] = (size + 1, size)
    sums = np.cumsum(np.pad(pixels, pads), axis=axis, dtype=np.float32)
    span = 2 * size + 1
    upper = np.take(sums, range(span, sums.shape[axis]), axis)
    lower = np.take(sums, range(0, sums.shape[axis] - span), axis)
    return (upper - lower) / span


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """A copy of the pixels of a 32-bit image, (height, width, 4), in the order blue, green, red, alpha."""
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width()].copy()


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """The image of such pixels; they are premultiplied by alpha."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels).tobytes()
    return QImage(data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
