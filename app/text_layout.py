"""Paragraphs laid out for painting: any script, emoji, long words and addresses, line breaks as written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout, QTextOption


class Stretch(NamedTuple):
    """Characters that look different. Counts are code points, as Python counts."""

    start: int
    length: int
    colour: str
    background: str = ""


class Laid(NamedTuple):
    """A paragraph, and the room it takes in logical pixels."""

    layout: QTextLayout
    width: int
    height: int


def lay_out(text: str, font: QFont, width: int, stretches: Iterable[Stretch] = ()) -> Laid:
    """Lines of at most `width` logical pixels; words too long for one are broken."""
    shown = text.replace("\r\n", "\n").replace("\n", "\u2028")
    layout = QTextLayout(shown, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.setFormats([_format(text, stretch) for stretch in stretches])
    layout.beginLayout()
    height, widest = 0.0, 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, height))
        height += line.height()
        widest = max(widest, line.naturalTextWidth())
    layout.endLayout()
    return Laid(layout, min(width, int(widest) + 1), int(height) + 1)


def _format(text: str, stretch: Stretch) -> QTextLayout.FormatRange:
    """Qt counts in units of UTF-16."""
    form = QTextCharFormat()
    form.setForeground(QColor(stretch.colour))
    if stretch.background:
        form.setBackground(QColor(stretch.background))
    found = QTextLayout.FormatRange()
    end = stretch.start + stretch.length
    found.start = _units(text[: stretch.start])
    found.length = _units(text[stretch.start : end])
    found.format = form
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
