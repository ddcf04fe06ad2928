"""The list of memories: two lines each, what is remembered and what kind of memory it is."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.i18n import Words
from app.panels.memory_book import Entry
from app.theme import SPACING, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
ENTRY = Qt.ItemDataRole.UserRole
UNSAVED = Qt.ItemDataRole.UserRole + 1


def day_text(at: str, words: Words, zone: tzinfo | None = None) -> str:
    """The day of an ISO 8601 time as people write it."""
    day = datetime.fromisoformat(at).astimezone(zone)
    month = words("memories.months").split()[day.month - 1]
    return words("memories.day", year=day.year, month=month, day=day.day)


def about(entry: Entry, words: Words) -> str:
    """One line on a memory: its kind, since when, until when."""
    parts = [words(f"memories.kind-{entry.kind}")]
    if entry.pinned:
        parts.append(words("memories.is-pinned"))
    parts.append(day_text(entry.at, words))
    if entry.until:
        parts.append(words("memories.until", day=day_text(entry.until, words)))
    return " · ".join(parts)


class MemoryModel(QAbstractListModel):
    """Entries in their order."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words
        self.entries: list[Entry] = []
        self.unsaved: frozenset[str] = frozenset()

    def show(self, entries: list[Entry]) -> None:
        """These and no others."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def mark_unsaved(self, memories: frozenset[str]) -> None:
        """These have edits that are not saved."""
        if memories != self.unsaved and self.entries:
            self.unsaved = memories
            self.dataChanged.emit(self.index(0), self.index(len(self.entries) - 1))
        self.unsaved = memories

    def row_of(self, memory: str) -> int:
        """-1: it is not shown."""
        return next((row for row, entry in enumerate(self.entries) if entry.id == memory), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(entry.text.split())
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.text} ({about(entry, self._words)})"
            case _ if role == ENTRY:
                return entry
            case _ if role == UNSAVED:
                return entry.id in self.unsaved
            case _:
                return None


class MemoryDelegate(QStyledItemDelegate):
    """Draws a row."""

    def __init__(self, words: Words, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, 2 * option.fontMetrics.lineSpacing() + 2 * SPACING)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY)
        theme, rect = self._theme, option.rect.adjusted(4, 2, -4, -2)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(
                QColor(theme.accent) if state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen
            )
            painter.setBrush(QColor(theme.accent_soft))
            painter.drawRoundedRect(rect, 6, 6)
        metrics: QFontMetrics = option.fontMetrics  # type: ignore[attr-defined]
        inner = rect.adjusted(SPACING, SPACING // 2, -SPACING, -SPACING // 2)
        line = metrics.lineSpacing()
        self._line(
            painter,
            metrics,
            QRect(inner.x(), inner.y(), inner.width(), line),
            index.data(),
            theme.muted if entry.until else theme.text,
        )
        below = QRect(inner.x(), inner.y() + line, inner.width(), line)
        unsaved = index.data(UNSAVED)
        text = self._words("memories.unsaved") if unsaved else about(entry, self._words)
        accented = unsaved or entry.pinned
        colour = theme.emotions["sad"] if accented else theme.muted
        self._line(painter, metrics, below, text, colour)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, metrics: QFontMetrics, rect: QRect, text: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
