"""The rows of the conversation as Qt's views want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from app.i18n import Words
from app.panels.days import day_name, day_of, time_of_day
from app.panels.timeline import Edit, Row

ROW = Qt.ItemDataRole.UserRole
"""The Row."""
DAY = Qt.ItemDataRole.UserRole + 1
"""The name of the day that begins with this row; empty if it goes on."""
TIME = Qt.ItemDataRole.UserRole + 2
"""The time of day."""

_SPOKEN = {"user": "chat.you-said", "reply": "chat.she-said", "notice": "chat.told", "error": "chat.told"}


class ChatModel(QAbstractListModel):
    """Follows a timeline."""

    def __init__(self, words: Words, now: Callable[[], datetime], zone: tzinfo | None) -> None:
        """Days and times are those of `zone`; None: of this computer."""
        super().__init__()
        self.rows: list[Row] = []
        self._words = words
        self._now = now
        self._zone = zone

    def apply(self, edits: Iterable[Edit]) -> None:
        """What has changed in the timeline."""
        for start, removed, added in edits:
            if removed == len(added):
                self.rows[start : start + removed] = added
                self.dataChanged.emit(self.index(start), self.index(start + removed - 1))
                continue
            if removed:
                self.beginRemoveRows(QModelIndex(), start, start + removed - 1)
                del self.rows[start : start + removed]
                self.endRemoveRows()
            if added:
                self.beginInsertRows(QModelIndex(), start, start + len(added) - 1)
                self.rows[start:start] = added
                self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.line(index.row())
            case _ if role == ROW:
                return row
            case _ if role == DAY:
                return self._day(index.row())
            case _ if role == TIME:
                return time_of_day(row.at, self._zone)
            case _:
                return None

    def line(self, number: int) -> str:
        """A row with who said it and when."""
        row = self.rows[number]
        return self._words(_SPOKEN[row.kind], time=time_of_day(row.at, self._zone), text=row.text)

    def _day(self, number: int) -> str:
        day = day_of(self.rows[number].at, self._zone)
        if number and day_of(self.rows[number - 1].at, self._zone) == day:
            return ""
        return day_name(day, day_of(self._now(), self._zone), self._words)
