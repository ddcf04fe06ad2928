"""How a row of the conversation is drawn: a bubble, right the user's and left hers, or a line in the middle.

Text is laid out once and kept for as long as it is among the last few hundred that were looked at.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.i18n import Words
from app.panels.chat_model import DAY, ROW, TIME
from app.panels.finding import places
from app.panels.timeline import Row
from app.text_layout import Laid, Stretch, lay_out
from app.theme import SPACING, Theme

_MARGIN = 16
"""From the edge of the list."""
_PADDING_X = 12
_PADDING_Y = 8
_RADIUS = 12
_PART = 0.74
"""Of the list's width that a bubble may take."""
_EMS = 38
"""Widest bubble, in heights of the letters."""
_SMALLER = 0.85
_TINT = 0.10
"""How much of the feeling's colour is in a bubble."""
_MOST_LAID = 400


class _Parts(NamedTuple):
    """What a row is made of; its height in logical pixels."""

    text: Laid
    day: str
    below: str
    height: int


class ChatDelegate(QStyledItemDelegate):
    """Draws for a list of one column."""

    def __init__(self, words: Words, theme: Theme, font: QFont) -> None:
        super().__init__()
        self.needle = ""
        """What is searched for, and marked wherever it stands."""
        self._words = words
        self._theme = theme
        self._font = font
        self._small = QFont(font)
        self._small.setPointSizeF(font.pointSizeF() * _SMALLER)
        self._letters = QFontMetricsF(font)
        self._small_letters = QFontMetricsF(self._small)
        self._lay_out = functools.lru_cache(_MOST_LAID)(self._laid)

    def text_width(self, width: int) -> int:
        """Widest line in a list of that width; while it stays the same, so do all heights."""
        return max(60, round(min(_PART * width, _EMS * self._letters.height())) - 2 * _PADDING_X)

    def height(self, index: QModelIndex, width: int) -> int:
        """Of a row, in a list of that width."""
        return self._parts(index, width).height

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = option.rect.width()  # type: ignore[attr-defined]
        return QSize(width, self._parts(index, width).height)

    # ------------------------------------------------------------ inside

    def _parts(self, index: QModelIndex | QPersistentModelIndex, width: int) -> _Parts:
        row: Row = index.data(ROW)
        day: str = index.data(DAY)
        is_note = row.kind in ("notice", "error")
        text = self._lay_out(
            self._shown(row), self.text_width(width), self.needle, self._colour(row), is_note
        )
        below = self._below(row)
        height = text.height + (SPACING if is_note else 2 * _PADDING_Y + SPACING)
        if day:
            height += self._day_height()
        if below:
            height += round(self._small_letters.height()) + 2
        return _Parts(text, day, below, height)

    def _day_height(self) -> int:
        return round(self._small_letters.height()) + 4 * SPACING

    def _laid(self, text: str, width: int, needle: str, colour: str, small: bool) -> Laid:
        marks = [Stretch(start, len(needle), "#23233a", "#ffd866") for start in places(text, needle)]
        return lay_out(
            text, self._small if small else self._font, width, [Stretch(0, len(text), colour), *marks]
        )

    def _shown(self, row: Row) -> str:
        if row.text:
            return row.text
        return self._words("chat.cut-at-once") if row.state == "cut" else "…"

    def _colour(self, row: Row) -> str:
        match row.kind:
            case "error":
                return self._theme.danger
            case "notice":
                return self._theme.muted
            case _:
                return self._theme.text if row.text and row.state != "sending" else self._theme.muted

    def _below(self, row: Row) -> str:
        match row.state:
            case "cut" if not row.text:
                return ""
            case "sending" | "cut" | "unanswered":
                return self._words(f"chat.{row.state}")
            case _:
                return ""

    # ------------------------------------------------------------ painting

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        row: Row = index.data(ROW)
        parts = self._parts(index, round(area.width()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._small)
        if parts.day:
            self._paint_day(painter, area, parts.day)
            area.setTop(area.top() + self._day_height())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if row.kind in ("notice", "error"):
            self._paint_note(painter, area, parts, chosen)
        else:
            self._paint_bubble(painter, area, parts, row, index.data(TIME), chosen)
        painter.restore()

    def _paint_day(self, painter: QPainter, area: QRectF, day: str) -> None:
        line = QRectF(area.left(), area.top(), area.width(), self._day_height())
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, day)
        half = self._small_letters.horizontalAdvance(day) / 2 + 2 * SPACING
        painter.setPen(QPen(QColor(self._theme.border), 1))
        y, middle = line.center().y(), line.center().x()
        painter.drawLine(QPointF(line.left() + _MARGIN, y), QPointF(middle - half, y))
        painter.drawLine(QPointF(middle + half, y), QPointF(line.right() - _MARGIN, y))

    def _paint_note(self, painter: QPainter, area: QRectF, parts: _Parts, chosen: bool) -> None:
        left = area.center().x() - parts.text.width / 2
        if chosen:
            box = QRectF(left, area.top(), parts.text.width, parts.text.height)
            self._paint_box(painter, box.adjusted(-6, 0, 6, 4), self._theme.card, chosen)
        parts.text.layout.draw(painter, QPointF(left, area.top() + 2))

    def _paint_bubble(
        self, painter: QPainter, area: QRectF, parts: _Parts, row: Row, time: str, chosen: bool
    ) -> None:
        theme, laid = self._theme, parts.text
        mine = row.kind == "user"
        width = laid.width + 2 * _PADDING_X
        left = area.right() - _MARGIN - width if mine else area.left() + _MARGIN
        box = QRectF(left, area.top(), width, laid.height + 2 * _PADDING_Y)
        felt = theme.emotions[row.emotion] if row.emotion and row.emotion != "calm" else theme.muted
        ground = theme.accent_soft if mine else _mixed(felt, theme.card)
        self._paint_box(painter, box, ground, chosen)
        laid.layout.draw(painter, QPointF(left + _PADDING_X, area.top() + _PADDING_Y))
        painter.setPen(QColor(theme.muted))
        along = self._small_letters.horizontalAdvance(time) + SPACING
        line = QRectF(box.left() - along if mine else box.right() + SPACING, box.top(), along, box.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, time)
        if parts.below:
            painter.setPen(QColor(theme.muted))
            side = Qt.AlignmentFlag.AlignRight if mine else Qt.AlignmentFlag.AlignLeft
            under = QRectF(area.left() + _MARGIN, box.bottom() + 2, area.width() - 2 * _MARGIN, 100)
            painter.drawText(under.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignTop | side, parts.below)

    def _paint_box(self, painter: QPainter, box: QRectF, ground: str, chosen: bool) -> None:
        painter.setBrush(QColor(ground))
        painter.setPen(QPen(QColor(self._theme.accent), 2) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, _RADIUS, _RADIUS)


def _mixed(colour: str, ground: str) -> str:
    one, other = QColor(colour), QColor(ground)
    pairs = (
        (one.red(), other.red()),
        (one.green(), other.green()),
        (one.blue(), other.blue()),
    )
    return QColor(*(round(_TINT * a + (1 - _TINT) * b) for a, b in pairs)).name()
