"""What she remembers: listed, found, corrected, pinned, forgotten.

The engine is asked for everything, and again whenever it says that something has changed; nothing is kept
here but edits that are not saved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.asking import Request, Success
from app.connection import Connection
from app.i18n import Words
from app.panels.drop_down import DropDown
from app.panels.forgetting import ask_to_forget, ask_to_forget_everything
from app.panels.memory_book import FILTERS, NEW, Drafts, Entry, kept
from app.panels.memory_detail import MemoryDetail
from app.panels.memory_list import MemoryDelegate, MemoryModel
from app.panels.memory_pages import MemoryPages
from app.status import Status
from app.talk import DeviceNews
from app.theme import SPACING, Theme
from engine.errors import CompanionError
from engine.messages import (
    MAX_TEXT,
    MemoryChanged,
    MemoryDelete,
    MemoryEdit,
    MemoryForgetAll,
    MemoryPin,
    MemorySource,
    ServerMessage,
)
from engine.notices import sentence

_SIZE = 820, 600
_PAUSE_MS = 250
"""After the last key, and after a change, before the engine is asked."""
_NEAR_END = 20


class MemoriesPanel(QWidget):
    """Belongs to one connection."""

    def __init__(self, words: Words, theme: Theme, connection: Connection) -> None:
        super().__init__()
        self._words = words
        self._connection = connection
        self._pages = MemoryPages(self._ask)
        self._ready = False
        self._drafts = Drafts()
        self._asked_source = ""
        self.search = QLineEdit(
            placeholderText=words("memories.find"), clearButtonEnabled=True, maxLength=MAX_TEXT
        )
        self.filter = DropDown()
        self._add = QPushButton(words("memories.new-note"))
        self._banner = QFrame()
        self._resume = QPushButton(words("memories.resume"))
        self.model = MemoryModel(words)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(MemoryDelegate(words, theme, self.list))
        self.detail = MemoryDetail(words)
        self._pause = QPushButton(words("memories.pause"))
        self._pause.setCheckable(True)
        self._forget_all = QPushButton(words("memories.forget-all"))
        self._said = QLabel(wordWrap=True)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self.setWindowTitle(words("memories.title"))
        self.resize(*_SIZE)
        self._arrange()
        self._connect()
        self._on_status(connection.status)
        self._reload()

    @property
    def draft(self) -> Drafts:
        """Edits that are not saved."""
        return self._drafts

    @draft.setter
    def draft(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self._show()

    # ------------------------------------------------------------ made and connected

    def _arrange(self) -> None:
        words = self._words
        self.search.setAccessibleName(words("memories.find"))
        self.filter.setAccessibleName(words("memories.filter"))
        self.filter.addItems([words(f"memories.filter-{each}") for each in FILTERS])
        self.list.setAccessibleName(words("memories.list"))
        self.list.setUniformItemSizes(True)
        self._forget_all.setProperty("role", "danger")
        self._banner.setProperty("role", "card")
        banner = QHBoxLayout(self._banner)
        banner.addWidget(QLabel(words("memories.paused"), wordWrap=True), 1)
        banner.addWidget(self._resume)
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.filter)
        top.addWidget(self._add)
        bottom.addWidget(self._pause)
        bottom.addWidget(self._said, 1)
        bottom.addWidget(self._forget_all)
        middle = QSplitter()
        middle.setChildrenCollapsible(False)
        middle.setHandleWidth(2 * SPACING)
        middle.addWidget(self.list)
        middle.addWidget(self.detail)
        middle.setSizes([_SIZE[0] // 2, _SIZE[0] // 2])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * SPACING,) * 4)
        layout.setSpacing(SPACING + SPACING // 2)
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(middle, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        connection, detail = self._connection, self.detail
        connection.changed.connect(self._on_status)
        connection.arrived.connect(self._on_news)
        self._pages.changed.connect(self._show)
        self._timer.timeout.connect(self._reload)
        QShortcut(QKeySequence.StandardKey.Find, self, self._find)
        self.search.textChanged.connect(lambda _: self._timer.start())
        self.search.returnPressed.connect(self._reload)
        self.filter.activated.connect(lambda _: self._show())
        self.list.selectionModel().currentChanged.connect(self._on_chosen)
        self.list.verticalScrollBar().valueChanged.connect(lambda _: self._maybe_more())
        self._add.clicked.connect(self._new_note)
        self._pause.clicked.connect(connection.pause_memory)
        self._resume.clicked.connect(lambda: connection.pause_memory(False))
        self._forget_all.clicked.connect(self._ask_forget_all)
        detail.written.connect(self._on_written)
        detail.saved.connect(self._save)
        detail.undone.connect(self._undo)
        detail.pinned.connect(lambda memory, on: self._ask(MemoryPin(id="", memory=memory, pinned=on)))
        detail.forget_wanted.connect(self._ask_forget)

    def _on_status(self, status: Status) -> None:
        ready = status.link == "ready"
        for widget in (self._add, self._pause, self._forget_all):
            widget.setEnabled(ready)
        self._pause.setChecked(status.paused)
        self._banner.setVisible(status.paused)
        if ready and not self._ready:
            self._ready = True
            self._reload()
        self._ready = ready

    def _on_news(self, news: ServerMessage | DeviceNews) -> None:
        if isinstance(news, MemoryChanged):
            self._timer.start()

    # ------------------------------------------------------------ what is shown

    @property
    def _needle(self) -> str:
        return self.search.text().strip()

    def _reload(self) -> None:
        """Asks for the first page, or for what is searched."""
        self._timer.stop()
        if self._ready:
            self._pages.load(self._needle)
        else:
            self._show()

    def _maybe_more(self) -> None:
        """The next page, once the end of the last one can be seen."""
        bar = self.list.verticalScrollBar()
        if self._ready and bar.value() >= bar.maximum() - _NEAR_END:
            self._pages.more()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show(self) -> None:
        """The list by the filter, and the memory that was chosen, if it is still there."""
        entries = kept(self._pages.entries, FILTERS[self.filter.currentIndex()])
        chosen = self.detail.memory
        if entries != self.model.entries:
            at = self.list.verticalScrollBar().value()
            self.model.show(entries)
            self.list.verticalScrollBar().setValue(at)
        self.model.mark_unsaved(frozenset(self._drafts.texts))
        if chosen == NEW:
            return
        row = self.model.row_of(chosen) if chosen else -1
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
            self._show_entry(self.model.entries[row])
        else:
            self.detail.show_hint(self._hint(bool(entries)))
        if (self._needle or self._pages.entries) and self._said.property("role") != "danger":
            count = f"{len(entries)}{'' if self._pages.whole else '+'}"
            self._say(self._words("memories.count", count=count))
        QTimer.singleShot(0, self, self._maybe_more)  # a high window shows more than a page

    def _hint(self, some: bool) -> str:
        if some:
            return self._words("memories.choose")
        if not self._ready:
            return self._words("memories.no-engine")
        if not self._pages.whole:
            return ""
        narrowed = self._needle or self._pages.entries
        return self._words("memories.nothing-found" if narrowed else "memories.empty")

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self._show_entry(self.model.entries[index.row()])

    def _show_entry(self, entry: Entry) -> None:
        self.detail.show_entry(entry, self._drafts.texts.get(entry.id))
        if self._asked_source == entry.id:
            return
        self._asked_source = entry.id
        if entry.kind == "turn":
            return

        def take(answer: dict[str, Any]) -> None:
            if self.detail.memory == answer["memory"]:
                self.detail.show_source(answer["turns"])

        def failed() -> None:
            self._asked_source = ""

        self._ask(MemorySource(id="", memory=entry.id), take, failed)

    # ------------------------------------------------------------ what the user does

    def _new_note(self) -> None:
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())
        self._asked_source = ""
        note = Entry(NEW, "note", "", "")
        self.detail.show_entry(note, self._drafts.texts.get(NEW))
        self.detail.text.setFocus()

    def _on_written(self, memory: str, text: str) -> None:
        entry = next((it for it in self._pages.entries if it.id == memory), None)
        self._drafts.write(memory, text, entry.text if entry else "")
        self.model.mark_unsaved(frozenset(self._drafts.texts))

    def _save(self, memory: str, text: str) -> None:
        written = self.detail.text.toPlainText()

        def saved(answer: dict[str, Any]) -> None:
            self._drafts.saved(memory, written)
            if memory == NEW and self.detail.memory == NEW:
                self.detail.show_hint("")
            self._reload()

        if memory == NEW:
            self._ask(MemoryPin(id="", text=text), saved)
        else:
            self._ask(MemoryEdit(id="", memory=memory, text=text), saved)

    def _undo(self, memory: str) -> None:
        self._drafts.drop(memory)
        if memory == NEW:
            self.detail.show_hint("")
        self._show()

    def _ask_forget(self, memory: str) -> None:
        text = next((it.text for it in self._pages.entries if it.id == memory), "")

        def forgotten(answer: object) -> None:
            self._drafts.drop(memory)
            self._reload()

        request = MemoryDelete(id="", memory=memory)
        ask_to_forget(self._words, self, text, lambda: self._ask(request, forgotten))

    def _ask_forget_all(self) -> None:
        def forgotten(answer: object) -> None:
            self._drafts = Drafts()
            self.detail.show_hint("")
            self._reload()
            self._say(self._words("memories.forgotten"))

        ask_to_forget_everything(self._words, self, lambda: self._ask(MemoryForgetAll(id=""), forgotten))

    def _ask(
        self,
        request: Request,
        success: Success = lambda answer: None,
        failure: Callable[[], None] = lambda: None,
    ) -> None:
        def take(answer: Any) -> None:
            if self._said.property("role") == "danger":
                self._say("")
            success(answer)

        def fail(error: CompanionError) -> None:
            failure()
            self._say(sentence(error, self._words.language), "danger")

        self._connection.ask(self, request, take, fail)

    def _say(self, text: str, role: str = "muted") -> None:
        self._said.setText(text)
        self._said.setProperty("role", role)
        self._said.style().polish(self._said)
