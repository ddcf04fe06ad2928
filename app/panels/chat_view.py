"""The list of a conversation, for thousands of rows.

Theory of operation. It is a table of one column, because a table keeps the heights of its rows and asks for
no row that is not seen: a row is measured when it comes, changes, or the width changes; then those in sight
at once and the others bit by bit. Heights above the eye may change at any time, so the view remembers what
stands at its top edge, and puts it back there: an anchor. Without one it is at the end, and stays there.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.i18n import Words
from app.panels.chat_delegate import ChatDelegate
from app.panels.chat_model import ChatModel

MEASURED_AT_ONCE = 40
"""Rows, in one turn of the event loop."""


class ChatView(QTableView):
    """Shows a ChatModel."""

    older_wanted = Signal()
    """The user is near the top."""

    def __init__(self, words: Words, model: ChatModel, delegate: ChatDelegate) -> None:
        super().__init__()
        self._words = words
        self._rows = model
        self._delegate = delegate
        self._anchor: tuple[QPersistentModelIndex, int] | None = None
        self._settling = False
        self._to_measure = 0
        """Rows before this one have heights of another width."""
        self._text_width = 0
        self._measuring = QTimer(self, interval=0)
        self._measuring.timeout.connect(self._measure_some)
        self.setAccessibleName(words("chat.messages"))
        self.setShowGrid(False)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, Qt.GlobalColor.transparent)  # the delegate shows it
        self.setPalette(palette)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setItemDelegate(delegate)
        self.setModel(model)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.dataChanged.connect(self._on_changed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_row(self, number: int) -> None:
        """Chooses a row and brings it into sight."""
        index = self._rows.index(number)
        self.setCurrentIndex(index)
        self._measure(
            max(0, number - MEASURED_AT_ONCE), min(self._rows.rowCount(), number + MEASURED_AT_ONCE)
        )
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def go_to_end(self) -> None:
        """Brings the newest row into sight, and follows it."""
        self._anchor = None
        self._settle()

    def copy(self) -> None:
        """Copies the chosen rows: one as it is, several with who said them and when."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        if len(numbers) == 1:
            QGuiApplication.clipboard().setText(self._rows.rows[numbers[0]].text)
        elif numbers:
            QGuiApplication.clipboard().setText("\n".join(self._rows.line(number) for number in numbers))

    def mark(self, needle: str) -> None:
        """Marks these words wherever they stand."""
        self._delegate.needle = needle
        self.viewport().update()

    # ------------------------------------------------------------ heights

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        text_width = self._delegate.text_width(self.viewport().width())
        if text_width != self._text_width:
            self._text_width = text_width
            first, last = self._in_sight()
            self._measure(first, last)
            self._to_measure = self._rows.rowCount()
            self._measuring.start()
        self._settle()

    def _in_sight(self) -> tuple[int, int]:
        """First row and the one after the last."""
        count = self._rows.rowCount()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return max(0, first), last + 1 if last >= 0 else count if count <= MEASURED_AT_ONCE else max(0, first)

    def _measure(self, first: int, end: int) -> None:
        width, header = self.viewport().width(), self.verticalHeader()
        for number in range(first, end):
            header.resizeSection(number, self._delegate.height(self._rows.index(number), width))

    def _measure_some(self) -> None:
        """The newest first: that is where the user is."""
        first = max(0, self._to_measure - MEASURED_AT_ONCE)
        self._measure(first, min(self._to_measure, self._rows.rowCount()))
        self._to_measure = first
        if not first:
            self._measuring.stop()
        self._settle()

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        if first == 0 and last - first >= MEASURED_AT_ONCE:
            self._to_measure += last + 1
            self._measuring.start()
        else:
            self._measure(first, last + 1)
        if last + 1 < self._rows.rowCount():  # a day may begin elsewhere now
            self._measure(last + 1, last + 2)
        self._settle()

    def _on_removed(self, _parent: QModelIndex, first: int, _last: int) -> None:
        self._to_measure = min(self._to_measure, self._rows.rowCount())
        if first < self._rows.rowCount():
            self._measure(first, first + 1)
        self._settle()

    def _on_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        self._measure(first.row(), last.row() + 1)
        self._settle()

    # ------------------------------------------------------------ place

    def _settle(self) -> None:
        """What was at the top edge is there again; or the end is in sight."""
        self._settling = True
        self.updateGeometries()
        bar = self.verticalScrollBar()
        if self._anchor and self._anchor[0].isValid():
            index, offset = self._anchor
            bar.setValue(self.verticalHeader().sectionPosition(index.row()) + offset)
        else:
            self._anchor = None
            bar.setValue(bar.maximum())
        self._settling = False

    def _on_scrolled(self, value: int) -> None:
        if self._settling:
            return
        top = self.indexAt(self.viewport().rect().topLeft())
        at_end = value >= self.verticalScrollBar().maximum()
        offset = value - self.verticalHeader().sectionPosition(top.row())
        self._anchor = None if at_end or not top.isValid() else (QPersistentModelIndex(top), offset)
        if value < self.viewport().height():
            self.older_wanted.emit()

    # ------------------------------------------------------------ keys and menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            end = self._rows.rowCount() - 1
            self.setCurrentIndex(self._rows.index(0 if event.key() == Qt.Key.Key_Home else end))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        copy = menu.addAction(self._words("chat.copy"), self.copy)
        copy.setShortcut(QKeySequence.StandardKey.Copy)
        copy.setEnabled(self.selectionModel().hasSelection())
        menu.addAction(self._words("chat.select-all"), self.selectAll)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())
